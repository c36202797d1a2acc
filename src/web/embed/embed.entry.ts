/**
 * `<leave-a-reply site="PUBLIC KEY" post="ARTICLE ID">`: the published comments of an article, and the form.
 * `/embed.js` is this file and what it imports; what stands inside the element is the form for browsers without it.
 */

import { localeFor, type Strings, stringsFor } from '../../strings/form-strings.ts';
import {
  type Connection,
  createIdempotencyKey,
  listComments,
  type PublicComment,
  type Sent,
  sendComment,
} from './embed-api.ts';
import { make } from './embed-dom.ts';
import { createForm, type ReplyForm } from './embed-form.ts';
import { readWaiting, writeWaiting } from './embed-memory.ts';
import { readAddress, readPost, watchPage } from './embed-page.ts';
import { STYLE } from './embed-style.ts';
import { createThread, parentsFirst, type Thread } from './embed-thread.ts';

/** The service may live below a path. */
const SERVICE = new URL('.', import.meta.url).href.replace(/\/$/, '');

/** What the element shows: one article, with its comments and its form. */
interface View {
  readonly connection: Connection;
  readonly address: { readonly post_url?: string };
  readonly strings: Strings;
  readonly form: ReplyForm;
  readonly thread: Thread;
  /** What was sent last and its key: sent again unchanged, it is stored once. */
  sent: { written: string; fields: Readonly<Record<string, unknown>>; key: string } | null;
}

class LeaveAReply extends HTMLElement {
  static readonly observedAttributes = ['post', 'site', 'api', 'optional', 'strings'];
  /** Set before the element is in the page: replaces any of the strings. */
  strings: Partial<Strings> = {};
  #view: View | null = null;
  #stopWatching: (() => void) | null = null;

  connectedCallback(): void {
    if (!this.shadowRoot) {
      const style = new CSSStyleSheet();
      style.replaceSync(STYLE);
      this.attachShadow({ mode: 'open' }).adoptedStyleSheets = [style];
      // What stood here for browsers without script: its labels and ids would be there twice.
      this.replaceChildren();
    }
    this.#stopWatching ??= watchPage(() => this.#follow());
    this.#follow();
  }

  disconnectedCallback(): void {
    this.#stopWatching?.();
    this.#stopWatching = null;
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (this.#stopWatching === null || before === after) return;
    if (name === 'post') this.#follow();
    else this.#show();
  }

  /** Shows the article that is there now, when it is another one. */
  #follow(): void {
    if (this.#view?.connection.post !== this.#connection.post) this.#show();
  }

  /** Begins anew: nothing of the article before stays, nor does what comes late for it. */
  #show(): void {
    const language = this.closest('[lang]')?.getAttribute('lang') || navigator.language;
    const strings = stringsFor(language, { ...this.#ownStrings(), ...this.strings });
    const optional = (this.getAttribute('optional') ?? '').split(/\s+/);
    const form = createForm(
      strings,
      optional,
      () => performance.now(),
      () => void this.#submit(view),
    );
    const thread = createThread(strings, localeFor(language), (comment) => form.replyTo(comment));
    const view: View = {
      ...{ connection: this.#connection, address: readAddress(), strings, form, thread },
      sent: null,
    };
    this.#view = view;
    this.shadowRoot?.replaceChildren(thread.element, form.element);
    void this.#load(view);
  }

  get #connection(): Connection {
    return {
      api: (this.getAttribute('api') ?? SERVICE).replace(/\/$/, ''),
      key: this.getAttribute('site') ?? '',
      post: readPost(this.getAttribute('post')),
    };
  }

  /** `strings='{"title": "…"}'`; what is no JSON is left alone. */
  #ownStrings(): Partial<Strings> {
    try {
      return JSON.parse(this.getAttribute('strings') ?? '{}');
    } catch {
      return {};
    }
  }

  async #load(view: View): Promise<void> {
    const { thread, strings, connection } = view;
    await this.#showMore(view, null).catch(() =>
      thread.element.append(make('p', { part: 'error' }, strings.notLoaded)),
    );
    const waiting = readWaiting(connection.post).filter(({ id }) => !thread.has(id));
    for (const comment of parentsFirst(waiting)) thread.add(comment, true);
    writeWaiting(connection.post, waiting);
    if (this.#view === view) this.#tell('loaded', {});
  }

  /** Shows the comments from a place on, and a button when there are more. Answers the first that it added. */
  async #showMore(view: View, from: string | null): Promise<HTMLElement | undefined> {
    const { thread } = view;
    const { comments, next } = await listComments(view.connection, from);
    const missing = parentsFirst(comments).filter(({ id }) => !thread.has(id));
    const [first] = missing.map((comment) => thread.add(comment, false));
    if (next !== null) thread.element.append(this.#moreButton(view, next));
    return first;
  }

  #moreButton(view: View, from: string): HTMLElement {
    const { form, strings } = view;
    const button = make('button', { type: 'button', part: 'more' }, strings.more);
    button.addEventListener('click', async () => {
      // Not `disabled`: that would lose the focus, which a failure leaves here.
      if (button.ariaBusy === 'true') return;
      button.ariaBusy = 'true';
      form.announce('');
      const first = await this.#showMore(view, from).catch(() => null);
      button.ariaBusy = 'false';
      if (first === null) return form.announce(strings.notLoaded);
      const focused = this.shadowRoot?.activeElement === button;
      button.remove();
      if (focused) first?.focus();
    });
    return button;
  }

  async #submit(view: View): Promise<void> {
    const { form, strings } = view;
    const fields = form.collect();
    if (!fields) return;
    form.busy(true);
    form.announce(strings.sending);
    // What is stored must not be called a failure because showing it failed: sent again, it would be a duplicate.
    const answer = await this.#send(view, fields).catch(() => null);
    form.busy(false);
    if (answer === null) form.announce(strings.failed);
    else if ('code' in answer) {
      view.sent = null;
      form.showProblem(answer);
    } else this.#stored(view, fields, answer);
  }

  /** To the article that the reader saw, whatever the page has become since. */
  async #send(view: View, fields: Readonly<Record<string, unknown>>): Promise<Sent> {
    const { elapsed_ms: _, ...written } = fields;
    const text = JSON.stringify(written);
    if (view.sent?.written !== text) {
      const { post } = view.connection;
      const isThere = post === this.#connection.post;
      const title = isThere ? { post_title: document.title.slice(0, 500) } : {};
      const about = { post, ...title, ...view.address };
      view.sent = { written: text, fields: { ...fields, ...about }, key: createIdempotencyKey() };
    }
    return await sendComment(view.connection, view.sent.fields, view.sent.key);
  }

  #stored(
    view: View,
    fields: Readonly<Record<string, string | number>>,
    { id, status }: { id: string; status: string },
  ): void {
    view.sent = null;
    const comment: PublicComment = {
      id,
      parent: typeof fields.parent === 'string' ? fields.parent : null,
      author_name: String(fields.author_name),
      author_url: String(fields.author_url) || null,
      content: String(fields.content),
      date_gmt: new Date().toISOString(),
    };
    const { form, strings } = view;
    const waits = status !== 'approved';
    const { post } = view.connection;
    if (waits) writeWaiting(post, [...readWaiting(post), comment]);
    form.clear();
    const shown = view.thread.add(comment, waits);
    form.announce(waits ? strings.waiting : strings.published);
    shown.focus();
    this.#tell('sent', { id, status });
  }

  #tell(what: string, detail: Readonly<Record<string, unknown>>): void {
    this.dispatchEvent(new CustomEvent(`leave-a-reply:${what}`, { bubbles: true, detail }));
  }
}

if (!customElements.get('leave-a-reply')) customElements.define('leave-a-reply', LeaveAReply);
