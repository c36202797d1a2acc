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
import { STYLE } from './embed-style.ts';
import { createThread, parentsFirst, type Thread } from './embed-thread.ts';

const SERVICE = new URL(import.meta.url).origin;

class LeaveAReply extends HTMLElement {
  /** Set before the element is in the page: replaces any of the strings. */
  strings: Partial<Strings> = {};
  #form: ReplyForm | null = null;
  #thread: Thread | null = null;
  /** What was sent last and its key: sent again unchanged, it is stored once. */
  #sent: { written: string; fields: Readonly<Record<string, unknown>>; key: string } | null = null;

  connectedCallback(): void {
    if (this.shadowRoot) return;
    const root = this.attachShadow({ mode: 'open' });
    const style = new CSSStyleSheet();
    style.replaceSync(STYLE);
    root.adoptedStyleSheets = [style];
    const language = this.closest('[lang]')?.getAttribute('lang') || navigator.language;
    const strings = stringsFor(language, { ...this.#ownStrings(), ...this.strings });
    const optional = (this.getAttribute('optional') ?? '').split(/\s+/);
    const form = createForm(
      strings,
      optional,
      () => performance.now(),
      () => void this.#submit(strings),
    );
    const thread = createThread(strings, localeFor(language), (comment) => form.replyTo(comment));
    this.#form = form;
    this.#thread = thread;
    // What stood here for browsers without script: its labels and ids would be there twice.
    this.replaceChildren();
    root.append(thread.element, form.element);
    void this.#load(thread, strings);
  }

  get #connection(): Connection {
    return {
      api: this.getAttribute('api') ?? SERVICE,
      key: this.getAttribute('site') ?? '',
      post: this.getAttribute('post') ?? location.pathname,
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

  async #load(thread: Thread, strings: Strings): Promise<void> {
    const { post } = this.#connection;
    await this.#show(thread, strings, null).catch(() =>
      thread.element.append(make('p', { part: 'error' }, strings.notLoaded)),
    );
    const waiting = readWaiting(post).filter(({ id }) => !thread.has(id));
    for (const comment of parentsFirst(waiting)) thread.add(comment, true);
    writeWaiting(post, waiting);
    this.dispatchEvent(new CustomEvent('leave-a-reply:loaded', { bubbles: true }));
  }

  /** Shows the comments from a place on, and a button when there are more. Answers the first that it added. */
  async #show(thread: Thread, strings: Strings, from: string | null): Promise<HTMLElement | undefined> {
    const { comments, next } = await listComments(this.#connection, from);
    const missing = parentsFirst(comments).filter(({ id }) => !thread.has(id));
    const [first] = missing.map((comment) => thread.add(comment, false));
    if (next !== null) thread.element.append(this.#moreButton(thread, strings, next));
    return first;
  }

  #moreButton(thread: Thread, strings: Strings, from: string): HTMLElement {
    const button = make('button', { type: 'button', part: 'more' }, strings.more);
    button.addEventListener('click', async () => {
      // Not `disabled`: that would lose the focus, which a failure leaves here.
      if (button.ariaBusy === 'true') return;
      button.ariaBusy = 'true';
      this.#form?.announce('');
      const first = await this.#show(thread, strings, from).catch(() => null);
      button.ariaBusy = 'false';
      if (first === null) return this.#form?.announce(strings.notLoaded);
      const focused = this.shadowRoot?.activeElement === button;
      button.remove();
      if (focused) first?.focus();
    });
    return button;
  }

  async #submit(strings: Strings): Promise<void> {
    const form = this.#form;
    const fields = form?.collect();
    if (!form || !fields) return;
    form.busy(true);
    form.announce(strings.sending);
    // What is stored must not be called a failure because showing it failed: sent again, it would be a duplicate.
    const answer = await this.#send(fields).catch(() => null);
    form.busy(false);
    if (answer === null) form.announce(strings.failed);
    else if ('code' in answer) {
      this.#sent = null;
      form.showProblem(answer);
    } else this.#stored(fields, answer, strings);
  }

  async #send(fields: Readonly<Record<string, unknown>>): Promise<Sent> {
    const { elapsed_ms: _, ...written } = fields;
    const text = JSON.stringify(written);
    if (this.#sent?.written !== text) {
      const about = {
        post: this.#connection.post,
        post_title: document.title.slice(0, 500),
        ...pageAddress(),
      };
      this.#sent = { written: text, fields: { ...fields, ...about }, key: createIdempotencyKey() };
    }
    return await sendComment(this.#connection, this.#sent.fields, this.#sent.key);
  }

  #stored(
    fields: Readonly<Record<string, string | number>>,
    { id, status }: { id: string; status: string },
    strings: Strings,
  ): void {
    this.#sent = null;
    const comment: PublicComment = {
      id,
      parent: typeof fields.parent === 'string' ? fields.parent : null,
      author_name: String(fields.author_name),
      author_url: String(fields.author_url) || null,
      content: String(fields.content),
      date_gmt: new Date().toISOString(),
    };
    const waits = status !== 'approved';
    const { post } = this.#connection;
    if (waits) writeWaiting(post, [...readWaiting(post), comment]);
    this.#form?.clear();
    const shown = this.#thread?.add(comment, waits);
    this.#form?.announce(waits ? strings.waiting : strings.published);
    shown?.focus();
    this.dispatchEvent(new CustomEvent('leave-a-reply:sent', { bubbles: true, detail: { id, status } }));
  }
}

/** The service takes 200 characters: a longer address is left out rather than the comment. */
function pageAddress(): { post_url?: string } {
  const address = location.href.split('#')[0] ?? '';
  return /^https?:/.test(address) && address.length <= 200 ? { post_url: address } : {};
}

if (!customElements.get('leave-a-reply')) customElements.define('leave-a-reply', LeaveAReply);
