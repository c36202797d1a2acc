// A real WordPress with the Akismet plugin, pointed at the service by the must-use plugin of integrations/wordpress:
//     node test/wordpress/run.mjs [TAP_FILE]
// Needs root and apt-get: it installs Debian's packages when they are missing. Everything else is in a folder of its own.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  findHindrance,
  freePort,
  installPackages,
  openStage,
  startMariadb,
  startService,
  startWordPress,
  until,
} from './stage.mjs';

const HAM = 'The bridge in our town should be repaired before winter, I think.';
const SPAM = 'Buy cheap pills now, best price, click here http://pills.example';
const lines = [];

async function check(name, attempt) {
  const number = lines.length + 1;
  try {
    await attempt();
    lines.push(`ok ${number} - ${name}`);
  } catch (error) {
    lines.push(`not ok ${number} - ${name}`);
    console.log(error);
  }
  console.log(lines.at(-1));
}

function finish() {
  if (process.argv[2] !== undefined)
    writeFileSync(process.argv[2], `1..${lines.length}\n${lines.join('\n')}\n`);
  process.exit(lines.every((line) => line.startsWith('ok ')) ? 0 : 1);
}

const hindrance = findHindrance() ?? installPackages();
if (hindrance !== null) {
  lines.push(`ok 1 - WordPress # SKIP ${hindrance.replaceAll('\n', ' ')}`);
  console.log(lines[0]);
  finish();
}

const stage = openStage();
process.on('SIGINT', () => void stage.close().finally(() => process.exit(130)));
process.on('SIGTERM', () => void stage.close().finally(() => process.exit(143)));
try {
  await play();
} catch (error) {
  lines.push(`not ok ${lines.length + 1} - the stage is set`);
  console.log(error);
} finally {
  await stage.close();
}
finish();

async function play() {
  const [servicePort, webPort] = [await freePort(), await freePort()];
  const siteUrl = `http://127.0.0.1:${webPort}`;
  let service = await startService(stage, servicePort, siteUrl);
  const { adminKey } = service;
  const admin = async (method, path, body) => {
    const response = await fetch(`${service.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
  const settings = { audit_share: 0, banned_words: ['forbiddenword'] };
  await admin('POST', '/v1/sites', { slug: 'news', name: 'News', url: siteUrl, settings });
  const { id: keyId, key } = await admin('POST', '/v1/keys', { site: 'news', scopes: ['akismet'] });
  const socket = await startMariadb(stage);
  const wordpress = await startWordPress(stage, socket, siteUrl, service.url);
  assert.match(wordpress.install(key), /installed/);
  await until('WordPress answers', async () => (await fetch(siteUrl)).ok);

  const ours = async (content) => {
    const { items } = await admin('GET', `/v1/queue?site=news&limit=100`);
    return items.find(({ comment }) => comment.content === content)?.comment;
  };
  const approved = async (content) => {
    const { items } = await admin('GET', '/v1/queue?site=news&folder=approved&limit=100');
    const item = items.find(({ comment }) => comment.content === content);
    return item?.comment ?? assert.fail('it is not approved');
  };
  /** Where a comment stands here, and how many samples there are. */
  const standing = async ({ id }) => {
    const { status, label, decisions } = await admin('GET', `/v1/comments/${id}?site=news`);
    const { samples } = await admin('GET', '/v1/stats?site=news');
    return { status, label, decisions: decisions.length, samples };
  };
  const php = (code) => wordpress.run(code);
  /** `1`, `0`, `spam`, `trash`, or '' when there is no such comment. */
  const theirs = (content) =>
    php(
      `$c = $wpdb->get_var( $wpdb->prepare( "select comment_approved from $wpdb->comments where comment_content = %s order by comment_ID desc limit 1", base64_decode( '${Buffer.from(content).toString('base64')}' ) ) ); echo $c;`,
    );
  const becomes = (content, status) =>
    until(`the comment becomes ${status}`, async () => theirs(content) === status);

  /** Leaves a comment through the form of the first post, with all that the form holds. */
  async function leaveComment(content, author = 'Ada') {
    const page = await (await fetch(`${siteUrl}/?p=1`)).text();
    const form = /<form[^>]*id="commentform"[\s\S]*?<\/form>/.exec(page)?.[0] ?? assert.fail('no form');
    const action = /action="([^"]+)"/.exec(form)?.[1] ?? '';
    const hidden = [...form.matchAll(/<input[^>]*type=["']hidden["'][^>]*>/g)].map(([input]) => [
      /name=["']([^"']+)["']/.exec(input)?.[1] ?? '',
      /value=["']([^"']*)["']/.exec(input)?.[1] ?? '',
    ]);
    assert.ok(hidden.some(([name]) => name === 'akismet_comment_nonce'));
    const fields = { author, email: `${author.toLowerCase()}@reader.example`, url: '', comment: content };
    return await fetch(action, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'user-agent': 'Mozilla/5.0', referer: `${siteUrl}/?p=1` },
      body: new URLSearchParams([...hidden, ...Object.entries(fields)]),
    });
  }

  /** What a moderator's browser sends: signed in, with the nonces of the page. */
  async function signIn() {
    const answer = await fetch(`${siteUrl}/wp-login.php`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: 'wordpress_test_cookie=WP%20Cookie%20check' },
      body: new URLSearchParams({ log: 'editor', pwd: 'a long password', testcookie: '1' }),
    });
    const cookie = answer.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
    return async (path) => await (await fetch(`${siteUrl}/wp-admin/${path}`, { headers: { cookie } })).text();
  }
  /** Follows the link of an action on a comment in the moderator's list. */
  async function moderate(browse, folder, action, content) {
    const id = php(
      `echo $wpdb->get_var( $wpdb->prepare( "select comment_ID from $wpdb->comments where comment_content = %s", base64_decode( '${Buffer.from(content).toString('base64')}' ) ) );`,
    );
    const list = await browse(`edit-comments.php?comment_status=${folder}`);
    const links = [...list.matchAll(/href=["'](comment\.php\?[^"']+)["']/g)].map(([, link]) =>
      link.replaceAll('&#038;', '&').replaceAll('&amp;', '&'),
    );
    const link = links.find((one) => one.includes(`action=${action}&`) && one.includes(`c=${id}&`));
    assert.ok(link, `no link ${action} for comment ${id}`);
    await browse(link);
  }

  await check('the key is verified by the plugin', async () => {
    assert.equal(php(`echo Akismet::verify_key( '${key}' );`), 'valid');
  });

  await check('ham left through the form is published', async () => {
    assert.equal((await leaveComment(HAM)).status, 302);
    assert.equal(theirs(HAM), '1');
    assert.match(await (await fetch(`${siteUrl}/?p=1`)).text(), /repaired before winter/);
  });

  await check('spam left through the form is held as spam, and waits in our queue', async () => {
    await leaveComment(`${SPAM} one`);
    assert.equal(theirs(`${SPAM} one`), 'spam');
    assert.ok(await ours(`${SPAM} one`));
  });

  await check('what the site has banned is discarded when the plugin is strict', async () => {
    php(`update_option( 'akismet_strictness', '1' );`);
    await leaveComment('A comment with the forbiddenword in it.');
    assert.equal(theirs('A comment with the forbiddenword in it.'), '');
    php(`update_option( 'akismet_strictness', '0' );`);
  });

  await check('not spam, says the moderator in WordPress: the comment is ham here, too', async () => {
    const { id } = await ours(`${SPAM} one`);
    await moderate(await signIn(), 'spam', 'unspamcomment', `${SPAM} one`);
    // WordPress itself puts what is no spam into its own queue.
    assert.equal(theirs(`${SPAM} one`), '0');
    const shown = await admin('GET', `/v1/comments/${id}?site=news`);
    assert.deepEqual([shown.status, shown.label], ['approved', 'ham']);
  });

  await check('spam, says the moderator in WordPress: the comment is spam here, too', async () => {
    await moderate(await signIn(), 'approved', 'spamcomment', HAM);
    assert.equal(theirs(HAM), 'spam');
    const { samples } = await admin('GET', '/v1/stats?site=news');
    assert.equal(samples.spam, 1);
  });

  await check('our moderator approves what WordPress holds as spam: it is published there', async () => {
    await leaveComment(`${SPAM} two`, 'Grace');
    assert.equal(theirs(`${SPAM} two`), 'spam');
    const { id } = await ours(`${SPAM} two`);
    const { decision_id: decision } = await admin('POST', `/v1/comments/${id}/decisions?site=news`, {
      decision: 'approve',
    });
    await becomes(`${SPAM} two`, '1');
    await admin('POST', `/v1/decisions/${decision}/undo?site=news`);
    await becomes(`${SPAM} two`, 'spam');
    const shown = await admin('GET', `/v1/comments/${id}?site=news`);
    assert.equal(shown.decisions.length, 2);
  });

  await check('our moderator marks as spam what WordPress has published', async () => {
    const content = `${HAM} So say I.`;
    const answer = await leaveComment(content, 'Alan');
    assert.equal(theirs(content), '1');
    assert.match(answer.headers.get('location') ?? '', /#comment-\d+$/);
    const guid = php(
      `echo get_comment_meta( $wpdb->get_var( "select max(comment_ID) from $wpdb->comments" ), 'akismet_guid', true );`,
    );
    assert.match(guid, /^[0-9a-f]{32}$/);
    const { id } = await approved(content);
    await admin('POST', `/v1/comments/${id}/decisions?site=news`, { decision: 'spam' });
    await becomes(content, 'spam');
  });

  await check('a webhook under another key changes nothing', async () => {
    const refused = await fetch(`${siteUrl}/index.php?rest_route=/akismet/v1/webhook`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ key: 'aaaaaaaaaaaa', comments: [] }),
    });
    assert.equal(refused.status, 401);
  });

  await check("the plugin's own page shows the account and its numbers", async () => {
    const browse = await signIn();
    const page = await browse('options-general.php?page=akismet-key-config');
    assert.match(page, /leave-a-reply \(news\)/);
    assert.match(page, /\bActive\b/);
    const stats = JSON.parse(
      php(
        `echo Akismet::http_post( Akismet::build_query( array( 'blog' => get_option( 'home' ), 'key' => '${key}', 'from' => 'all' ) ), 'get-stats' )[1];`,
      ),
    );
    assert.ok(stats.spam >= 2 && stats.ham >= 2, JSON.stringify(stats));
  });

  await check('a missing field: WordPress holds the comment', async () => {
    php(`update_option( 'probe_without', 'user_ip' );`);
    await leaveComment(`${HAM} From nowhere.`, 'Edsger');
    assert.equal(theirs(`${HAM} From nowhere.`), '0');
    php(`delete_option( 'probe_without' );`);
  });

  await check('a wrong key: it is told invalid, and WordPress holds the comment', async () => {
    assert.equal(php(`echo Akismet::verify_key( 'aaaaaaaaaaaa' );`), 'invalid');
    php(`update_option( 'wordpress_api_key', 'aaaaaaaaaaaa' );`);
    await leaveComment(`${HAM} Under a wrong key.`, 'Barbara');
    assert.equal(theirs(`${HAM} Under a wrong key.`), '0');
    php(`update_option( 'wordpress_api_key', '${key}' );`);
  });

  /** Two comments, and that the moderator in WordPress may say of them what they want: nothing changes here. */
  async function reportInVain(author, words, meanwhile) {
    const [ham, spam] = [`${HAM} ${words}`, `${SPAM} ${words}`];
    await leaveComment(ham, author);
    await leaveComment(spam, author);
    assert.deepEqual([theirs(ham), theirs(spam)], ['1', 'spam']);
    const comments = [await approved(ham), await ours(spam)];
    const before = await Promise.all(comments.map(standing));
    await meanwhile(async () => {
      const browse = await signIn();
      await moderate(browse, 'approved', 'spamcomment', ham);
      await moderate(browse, 'spam', 'unspamcomment', spam);
      assert.deepEqual([theirs(ham), theirs(spam)], ['spam', '0']);
    });
    assert.deepEqual(await Promise.all(comments.map(standing)), before);
  }

  await check('a wrong key: spam and not spam, says the moderator, and nothing changes here', async () => {
    await reportInVain('Katherine', 'Reported under a wrong key.', async (report) => {
      php(`update_option( 'wordpress_api_key', 'aaaaaaaaaaaa' );`);
      await report();
      php(`update_option( 'wordpress_api_key', '${key}' );`);
    });
  });

  await check('the service is stopped: a key is not verified, and a report does nothing', async () => {
    await reportInVain('Dorothy', 'Reported while it was away.', async (report) => {
      await stage.stop(service);
      assert.equal(php(`echo Akismet::verify_key( '${key}' );`), 'failed');
      await report();
      service = await startService(stage, servicePort, siteUrl);
    });
    assert.equal(php(`echo Akismet::verify_key( '${key}' );`), 'valid');
  });

  await check('an announced pingback is answered, and nothing of it is kept', async () => {
    const { comments: before } = await admin('GET', '/v1/stats?site=news');
    // What WordPress's XML-RPC server does when the call comes in; Debian's packages of PHP have no XML.
    php(`
      $_SERVER['REMOTE_ADDR'] = '192.0.2.40';
      $call = array( 'methodName' => 'pingback.ping', 'params' => array( 'http://other.example/post', '${siteUrl}/?p=1' ) );
      $wp_xmlrpc_server = (object) array( 'message' => (object) $call );
      do_action( 'xmlrpc_call', 'pingback.ping' );
    `);
    assert.equal(php(`echo get_option( 'probe_answer' );`), 'false');
    const { comments: after } = await admin('GET', '/v1/stats?site=news');
    assert.deepEqual(after, before);
  });

  await check('the PHP of docs/integrate.md submits, and shows a refusal', async () => {
    const page = readFileSync(new URL('../../docs/integrate.md', import.meta.url), 'utf8');
    const code = /^```php\n([\s\S]*?)^```/m.exec(page)?.[1] ?? assert.fail('there is no PHP in it');
    const { key: own } = await admin('POST', '/v1/keys', { site: 'news', scopes: ['submit', 'read'] });
    const run = (text) => {
      const file = join(stage.folder, 'integrate.php');
      writeFileSync(file, text);
      const env = { PATH: process.env.PATH, URL: service.url, KEY: own };
      return execFileSync('php', [file], { encoding: 'utf8', env });
    };
    assert.equal(run(code), 'published\n');
    assert.match(run(code.replace('grace@example.org', 'nobody')), /^refused: invalid: /);
  });

  await check('the service is stopped: WordPress holds, asks again later, and publishes', async () => {
    await stage.stop(service);
    await leaveComment(`${HAM} While it was away.`, 'Donald');
    assert.equal(theirs(`${HAM} While it was away.`), '0');
    service = await startService(stage, servicePort, siteUrl);
    php(`Akismet::cron_recheck();`);
    assert.equal(theirs(`${HAM} While it was away.`), '1');
  });

  await check('a revoked key: WordPress holds, and tells its administrator', async () => {
    await admin('DELETE', `/v1/keys/${keyId}`);
    await leaveComment(`${HAM} Under a revoked key.`, 'Tony');
    assert.equal(theirs(`${HAM} Under a revoked key.`), '0');
    assert.match(php(`echo get_option( 'akismet_alert_msg' );`), /revoked/);
  });
}
