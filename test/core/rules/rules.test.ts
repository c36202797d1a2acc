import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { RuleDefinition, RuleFacts } from '../../../src/core/rules/rule.ts';
import { compileRule, evaluateRules } from '../../../src/core/rules/rules.ts';
import { compileWordEntries } from '../../../src/core/rules/rules-text.ts';
import { languageOf, scriptOf } from '../../../src/core/text/language.ts';
import { HAS_SHARED_DATA, readShared } from '../../support/shared-data.ts';

function rule(fields: Partial<RuleDefinition>): RuleDefinition {
  return {
    id: 'r1',
    kind: 'words',
    pattern: '',
    options: {},
    disposition: 'hold',
    note: null,
    expiresAt: null,
    ...fields,
  };
}

function facts(fields: Partial<RuleFacts> = {}): RuleFacts {
  return {
    content: '',
    authorName: '',
    authorUrl: '',
    authorKeys: [],
    ip: null,
    emailDomain: null,
    disposableEmail: null,
    honeypotFilled: null,
    elapsedSeconds: null,
    threadAgeDays: null,
    ...fields,
  };
}

const fires = (fields: Partial<RuleDefinition>, about: Partial<RuleFacts>) =>
  compileRule(rule(fields)).match(facts(about));

describe('words', () => {
  it.each([
    ['cialis', 'He is a specialist.', false],
    ['cialis', 'Buy CIALIS now', true],
    ['cialis', 'cia\u200blis', true],
    ['cheap  pills', 'cheap\npills', true],
    ['賭博', 'オンライン賭博サイト', true],
    ['über', 'ÜBER alles', true],
    ['win', 'Winter', false],
    ['𝐟𝐫𝐞𝐞', 'free', true],
  ])('%s in “%s”: %s', (pattern, content, expected) => {
    expect(fires({ pattern }, { content }) !== null).toBe(expected);
  });

  it('match anywhere when the rule says substring', () => {
    expect(fires({ pattern: 'cialis', options: { match: 'substring' } }, { content: 'specialist' })).toBe(
      '“cialis”',
    );
  });

  it('look only where the rule says', () => {
    const named = { pattern: 'casino', options: { fields: ['author_name' as const] } };
    expect(fires(named, { content: 'the casino burnt down' })).toBeNull();
    expect(fires(named, { authorName: 'Best Casino' })).not.toBeNull();
  });

  it('leave out what is excepted, and need something that is left', () => {
    const options = { except: ['Bridge'] };
    expect(fires({ pattern: 'bridge\ncasino', options }, { content: 'the bridge' })).toBeNull();
    expect(() => compileRule(rule({ pattern: 'bridge', options }))).toThrow(/at least one word/);
  });
});

describe('patterns', () => {
  it('match without regard to case, unless the rule says so', () => {
    expect(fires({ kind: 'pattern', pattern: 'fr[e3]{2}' }, { content: 'FR33 money' })).toContain('FR33');
    const options = { case_sensitive: true };
    expect(fires({ kind: 'pattern', pattern: 'fr[e3]{2}', options }, { content: 'FR33' })).toBeNull();
  });

  it.each([
    ['(a', /missing closing/],
    ['(?=x)y', /look-around/],
    ['(x)\\1', /back references/],
    ['x*', /empty text/],
    ['(a{1000}){1000}', /repeat count/],
    [`${'a?'.repeat(900)}${'b{900}'.repeat(20)}`, /compiles to \d+ steps, more than 1000/],
    ['x'.repeat(2001), /longer than 2000/],
  ])('refuse %s and say why', (pattern, why) => {
    expect(() => compileRule(rule({ kind: 'pattern', pattern }))).toThrow(why);
  });
});

describe('links and hosts', () => {
  it('count links', () => {
    expect(
      fires({ kind: 'link_count', pattern: '1' }, { content: 'http://a.example http://b.example' }),
    ).toBe('2 links, 1 allowed');
    expect(fires({ kind: 'link_count', pattern: '2' }, { content: 'http://a.example b.example' })).toBeNull();
  });

  it('take a host with its sub-domains and nothing that merely ends alike', () => {
    const hosts = { kind: 'link_host' as const, pattern: '*.Bad.example\nпример.рф' };
    expect(fires(hosts, { content: 'see http://shop.bad.example/x' })).toBe('a link to bad.example');
    expect(fires(hosts, { content: 'see http://notbad.example/x' })).toBeNull();
    expect(fires(hosts, { authorUrl: 'https://bad.example.' })).not.toBeNull();
    expect(fires(hosts, { authorUrl: 'https://xn--e1afmkfd.xn--p1ai/' })).not.toBeNull();
  });
});

describe('who and where from', () => {
  it('match an address in a network, IPv4 written as IPv6 included', () => {
    const networks = { kind: 'ip_network' as const, pattern: '192.0.2.0/24\n2001:db8::/32\n198.51.100.7' };
    expect(fires(networks, { ip: '192.0.2.200' })).not.toBeNull();
    expect(fires(networks, { ip: '::ffff:192.0.2.1' })).not.toBeNull();
    expect(fires(networks, { ip: '2001:db8:1::1' })).not.toBeNull();
    expect(fires(networks, { ip: '198.51.100.8' })).toBeNull();
    expect(fires(networks, { ip: null })).toBeNull();
  });

  it('name the line that is no network', () => {
    expect(() => compileRule(rule({ kind: 'ip_network', pattern: '10.0.0.0/8\n10.0.0.0/33' }))).toThrow(
      /line 2: “10.0.0.0\/33”/,
    );
  });

  it('match domains of e-mail addresses and disposable ones', () => {
    expect(
      fires({ kind: 'email_domain', pattern: 'mail.example' }, { emailDomain: 'x.mail.example' }),
    ).not.toBeNull();
    expect(fires({ kind: 'disposable_email' }, { disposableEmail: true })).not.toBeNull();
    expect(fires({ kind: 'disposable_email' }, { disposableEmail: null })).toBeNull();
  });

  it('match old posts, quick forms and filled honeypots', () => {
    expect(fires({ kind: 'thread_age', pattern: '30' }, { threadAgeDays: 30 })).toBe(
      'the post is 30 days old',
    );
    expect(fires({ kind: 'minimum_time', pattern: '2.5' }, { elapsedSeconds: 1 })).not.toBeNull();
    expect(fires({ kind: 'honeypot' }, { honeypotFilled: true })).not.toBeNull();
    expect(() => compileRule(rule({ kind: 'minimum_time', pattern: 'soon' }))).toThrow(/number of seconds/);
  });
});

describe('languages', () => {
  it('tell scripts, and languages where there is enough to go by', () => {
    expect(fires({ kind: 'language', pattern: '!Latn' }, { content: 'Заработок в интернете' })).toBe(
      'written in Cyrl',
    );
    expect(fires({ kind: 'language', pattern: '!Latn' }, { content: '12345' })).toBeNull();
    const german = 'Das ist nicht die Frage, sondern wie wir das bezahlen';
    expect(fires({ kind: 'language', pattern: 'de' }, { content: german })).toBe('written in de');
    expect(() => compileRule(rule({ kind: 'language', pattern: 'de Cyrl' }))).toThrow(/not both/);
    expect(() => compileRule(rule({ kind: 'language', pattern: 'Klingon' }))).toThrow(/is none of/);
  });

  it.runIf(HAS_SHARED_DATA)(
    'are right far more often than wrong on comments of news sites (../shared/data)',
    () => {
      const measure = (name: string, language: string) => {
        const told = readShared(name).map(({ text }) => languageOf(text));
        const right = told.filter((code) => code === language).length;
        const wrong = told.filter((code) => code !== null && code !== language).length;
        return { right: right / told.length, wrong: wrong / told.length };
      };
      for (const [name, language, least] of [
        ['news-globeandmail-c3', 'en', 0.9],
        ['news-german-germeval21', 'de', 0.65],
      ] as const) {
        const { right, wrong } = measure(name, language);
        expect(right).toBeGreaterThan(least);
        expect(wrong).toBeLessThan(0.01);
      }
      const russian = readShared('telegram-ru-80').filter(({ text }) => scriptOf(text) === 'Cyrl').length;
      expect(russian).toBeGreaterThan(0.9 * 13_202);
    },
  );
});

describe('a set of rules', () => {
  it('names what fired, with its note, and forgets what has expired', () => {
    const rules = [
      rule({ id: 'a', pattern: 'casino', note: 'see the spring campaign' }),
      rule({ id: 'b', pattern: 'casino', disposition: 'discard', expiresAt: 1000 }),
      rule({ id: 'c', pattern: 'roulette' }),
    ].map(compileRule);
    const comment = facts({ content: 'my casino' });
    expect(evaluateRules(rules, comment, 999)).toEqual([
      { rule: 'rule:a', disposition: 'hold', detail: '“casino” (see the spring campaign)' },
      { rule: 'rule:b', disposition: 'discard', detail: '“casino”' },
    ]);
    expect(evaluateRules(rules, comment, 1000)).toHaveLength(1);
  });

  it.runIf(HAS_SHARED_DATA)('finds in 62,204 entries what WordPress would find (../shared/data)', () => {
    const file = fileURLToPath(new URL('../../../../shared/data/blocklist-splorp.txt.gz', import.meta.url));
    const list = gunzipSync(readFileSync(file)).toString('utf8');
    const words = compileWordEntries(list, { match: 'substring' });
    for (const { text } of readShared('youtube-psy').slice(0, 60)) {
      const folded = text.normalize('NFKC').toLowerCase();
      const slow = words.entries.some((entry) => folded.includes(entry));
      expect(words.match(facts({ content: text })) !== null, text).toBe(slow);
    }
  });
});
