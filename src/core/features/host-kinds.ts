/**
 * Kinds of web addresses that say more than their names: readers link to sources, spam to shops.
 *
 * A host that was never seen says nothing by its name, but "nhacaisomot.com" is no ministry. The lists are short and
 * general; a host on none of them is `other`.
 */
import { holdsCommercialWord } from './commercial-words.ts';

/** The kinds; the place in this list is the kind's number. */
export const HOST_KINDS = ['other', 'reference', 'platform', 'shortener', 'cheap', 'commercial'] as const;
export type HostKind = (typeof HOST_KINDS)[number];

/** Encyclopaedias, archives, large newspapers, broadcasters, statistics, code and documentation. */
const REFERENCES = new Set(
  `wikipedia.org wikimedia.org wiktionary.org archive.org europa.eu un.org who.int oecd.org worldbank.org imf.org
  nato.int doi.org arxiv.org nature.com sciencedirect.com springer.com thelancet.com bmj.com jstor.org
  bbc.co.uk bbc.com theguardian.com nytimes.com washingtonpost.com reuters.com apnews.com ft.com economist.com
  wsj.com bloomberg.com cnn.com npr.org cbc.ca theglobeandmail.com abc.net.au aljazeera.com politico.com politico.eu
  independent.co.uk telegraph.co.uk irishtimes.com rte.ie theatlantic.com newyorker.com latimes.com usatoday.com
  spiegel.de zeit.de faz.net sueddeutsche.de tagesschau.de taz.de welt.de dw.com destatis.de bundestag.de orf.at
  derstandard.at nzz.ch srf.ch lemonde.fr lefigaro.fr liberation.fr francetvinfo.fr insee.fr legifrance.gouv.fr
  elpais.com elmundo.es lavanguardia.com eldiario.es rtve.es ine.es boe.es clarin.com lanacion.com.ar
  globo.com uol.com.br folha.uol.com.br estadao.com.br publico.pt rtp.pt ine.pt ibge.gov.br
  repubblica.it corriere.it ansa.it lastampa.it ilsole24ore.com istat.it gazzettaufficiale.it
  gazeta.pl wyborcza.pl onet.pl rp.pl tvn24.pl nos.nl nrc.nl volkskrant.nl cbs.nl vrt.be
  ria.ru tass.ru rbc.ru kommersant.ru lenta.ru meduza.io hurriyet.com.tr sozcu.com.tr milliyet.com.tr
  nhk.or.jp asahi.com mainichi.jp yomiuri.co.jp chosun.com joongang.co.kr hani.co.kr xinhuanet.com people.com.cn
  github.com gitlab.com stackoverflow.com stackexchange.com mozilla.org python.org kernel.org debian.org
  microsoft.com apple.com w3.org ietf.org man7.org openstreetmap.org snopes.com factcheck.org correctiv.org`.split(
    /\s+/,
  ),
);
/** Where anyone has a page: readers and spammers alike. */
const PLATFORMS = new Set(
  `youtube.com youtu.be facebook.com twitter.com x.com instagram.com linkedin.com reddit.com medium.com substack.com
  mastodon.social bsky.app vimeo.com soundcloud.com flickr.com imgur.com pinterest.com tiktok.com quora.com
  wordpress.com blogspot.com tumblr.com github.io gitlab.io google.com wixsite.com weebly.com vk.com yahoo.com disq.us
  spotify.com dropbox.com codepen.io jsfiddle.net npmjs.com pypi.org readthedocs.io bitbucket.org sourceforge.net imdb.com
  goodreads.com amazon.com ebay.com discogs.com bandcamp.com twitch.tv strava.com meetup.com change.org patreon.com`.split(
    /\s+/,
  ),
);
const SHORTENERS = new Set(
  'bit.ly tinyurl.com goo.gl ow.ly t.co is.gd cutt.ly rb.gy shorturl.at clck.ru vk.cc u.to rebrand.ly t.me wa.me telegra.ph linktr.ee shorl.com to.ht urlz.fr s.id'.split(
    ' ',
  ),
);
const CHEAP_SUFFIXES = new Set(
  `xyz top info biz shop online site club store live click buzz vip win bet casino loan loans pro space website fun
  link work life world today icu cyou sbs cfd monster rest quest bid trade date men party review stream science racing
  download accountant faith cricket webcam gdn mom ooo host press pw tk ml ga cf gq cc ws su trading finance cash
  credit money games game poker dating singles porn xxx sex adult cam guru expert agency company services solutions
  center plus cars doctor`.split(/\s+/),
);

/** The kind of a host, from its parsed parts. */
export function hostKindOf(hostname: string, domain: string | null, suffix: string | null): HostKind {
  if (domain === null) return 'other';
  if (REFERENCES.has(domain) || REFERENCES.has(hostname) || isPublicBody(suffix ?? '', hostname))
    return 'reference';
  if (SHORTENERS.has(domain)) return 'shortener';
  if (PLATFORMS.has(domain)) return 'platform';
  if (holdsCommercialWord(hostname)) return 'commercial';
  return CHEAP_SUFFIXES.has((suffix ?? '').split('.').at(-1) ?? '') ? 'cheap' : 'other';
}

/** Governments and universities. */
function isPublicBody(suffix: string, hostname: string): boolean {
  return (
    /(?:^|\.)(?:gov|gob|gouv|govt|gv|edu|ac|mil|int|go|admin)(?:\.[a-z]{2})?$/.test(suffix) ||
    /\.(?:gov|gob|gouv|edu)\./.test(hostname)
  );
}
