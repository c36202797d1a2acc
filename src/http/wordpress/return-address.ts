/** Where a reader goes after WordPress's form, and what it tells of where the article is. */
import { parseUrl, readLink } from '../../core/parse-url.ts';
import { MAX_ADDRESS_CHARACTERS } from '../../moderation/site/storable-text.ts';
import type { NumberedComment } from '../../storage/clients/wordpress.ts';
import { linkOf } from './view.ts';

/** What WordPress puts into an address for one reader, and what advertisers do: no part of where an article is. */
const PASSING = /^(unapproved|moderation-hash|replytocom|utm_\w+|fbclid|gclid)$/;

/** What a request says of the page that its form was on. */
export interface FormPage {
  readonly redirectTo: string | undefined;
  readonly referer: string | undefined;
  /** The origin of the page, or of the site for a server that passes a form on. */
  readonly origin: string | undefined;
  /** Whether a browser sent it: it is led nowhere but to this origin. */
  readonly fromBrowser: boolean;
  /** The site's own id of the post. */
  readonly post: string;
}

/**
 * The address of the post as far as the request tells it, without what was meant for one reader: null when it tells
 * nothing, for by browsers' usual policy a request to another origin carries no more than `https://news.example/`.
 * `redirect_to` comes second: some sites thank on a page of its own.
 */
export function postUrlOf(page: FormPage): string | null {
  const url = fullAddressOn(page.origin, page.referer) ?? fullAddressOn(page.origin, page.redirectTo);
  const address = url?.href.split('#')[0];
  return address === undefined ? null : readLink(address, MAX_ADDRESS_CHARACTERS);
}

/**
 * Where the comment is to be seen: where the form says, on the page that it was on, where the post is known to be, or
 * where WordPress finds a post by its number. Null when nothing is known of any page.
 */
export function commentAddress(page: FormPage, comment: NumberedComment): URL | null {
  const { origin, fromBrowser } = page;
  const stored = linkOf(comment);
  const url =
    addressOn(origin, page.redirectTo) ??
    fullAddressOn(origin, page.referer) ??
    (fromBrowser ? addressOn(origin, stored) : parseUrl(stored)) ??
    postByNumber(page);
  if (url) url.hash = `comment-${comment.number}`;
  return url;
}

/** `/?p=12` leads to the post's own address in every WordPress. */
function postByNumber({ origin, post }: FormPage): URL | null {
  return parseUrl(/^[1-9]\d{0,14}$/.test(post) ? `/?p=${post}` : '/', origin);
}

/** An address that is more than the origin. */
function fullAddressOn(origin: string | undefined, address: string | undefined): URL | null {
  const url = addressOn(origin, address);
  return url !== null && (url.pathname !== '/' || url.search !== '') ? url : null;
}

/** An address, also a relative one, when it is on this origin. */
function addressOn(origin: string | undefined, address: string | undefined): URL | null {
  if (origin === undefined || address === undefined || address.trim() === '') return null;
  const url = parseUrl(address, origin);
  if (url?.origin !== origin) return null;
  for (const name of [...url.searchParams.keys()]) {
    if (PASSING.test(name)) url.searchParams.delete(name);
  }
  return url;
}
