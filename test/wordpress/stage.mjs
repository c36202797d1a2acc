// Debian's WordPress with its Akismet plugin, PHP and MariaDB, and the service, all in a folder that is thrown away.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const PACKAGES = [
  'wordpress',
  'wordpress-theme-twentytwentyone',
  'php-cli',
  'php-cgi',
  'php-mysql',
  'php-gd',
  'mariadb-server',
];
const SHARED = '/usr/share/wordpress';

/** Why this machine cannot be the stage; null: it can. */
export function findHindrance() {
  if (process.getuid?.() !== 0) return 'it needs root';
  return existsSync('/usr/bin/apt-get') ? null : 'it needs apt-get';
}

/** Debian's mirrors answer within this time, or this machine cannot reach them. */
const INSTALL_MS = 240_000;

/** Installs what is missing of Debian's packages. Why it cannot; null: all are there. */
export function installPackages() {
  if (existsSync(`${SHARED}/wp-content/plugins/akismet`) && PACKAGES.every(isInstalled)) return null;
  const options = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: INSTALL_MS,
  };
  try {
    execFileSync('apt-get', ['update', '-qq'], options);
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...PACKAGES], options);
    return null;
  } catch (error) {
    return `apt-get cannot install Debian's packages here: ${error.message}`;
  }
}

function isInstalled(name) {
  try {
    const format = ['-W', '-f', '$' + '{db:Status-Status}', name];
    return execFileSync('dpkg-query', format, { encoding: 'utf8', stdio: 'pipe' }) === 'installed';
  } catch {
    return false;
  }
}

export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Waits until `look` gives something. */
export async function until(what, look) {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const found = await look().catch(() => undefined);
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await wait(100);
  }
}

/** Starts the parts one by one; `close` ends them in the reverse order. */
export function openStage() {
  const folder = mkdtempSync(join(tmpdir(), 'leave-a-reply-wordpress-'));
  const running = [];
  const start = (command, parameters, env = {}) => {
    const child = spawn(command, parameters, {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
      // A group of its own: PHP's workers outlive their parent, and hold its output open.
      detached: true,
    });
    const part = { child, output: '', ended: new Promise((resolve) => child.once('exit', resolve)) };
    child.stdout.on('data', (chunk) => {
      part.output += chunk;
    });
    running.push(part);
    return part;
  };
  return {
    folder,
    start,
    stop: async (part) => {
      part.child.kill('SIGTERM');
      await part.ended;
    },
    close: async () => {
      for (const { child, ended } of running.reverse()) {
        if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid, 'SIGKILL');
        await ended;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The service on a port; its first admin key is printed once. */
export async function startService({ folder, start }, port, siteUrl) {
  const part = start(process.execPath, [join(root, 'dist/src/cli/cli.js'), 'serve'], {
    PORT: String(port),
    DATA_DIR: join(folder, 'service'),
    OUTGOING_PRIVATE_RANGES: '127.0.0.1/32',
    LOG_LEVEL: 'error',
  });
  await until('the service listens', async () => /listens at/.test(part.output));
  return {
    ...part,
    url: `http://127.0.0.1:${port}`,
    adminKey: /lar_\w{16}_[\w-]{43}/.exec(part.output)?.[0],
    siteUrl,
  };
}

/** MariaDB on a socket, without a network. */
export async function startMariadb({ folder, start }) {
  const data = join(folder, 'mariadb');
  const socket = join(folder, 'mariadb.sock');
  execFileSync(
    'mariadb-install-db',
    [
      '--no-defaults',
      `--datadir=${data}`,
      '--user=root',
      '--skip-test-db',
      '--auth-root-authentication-method=normal',
    ],
    { stdio: 'pipe' },
  );
  start('/usr/sbin/mariadbd', [
    '--no-defaults',
    `--datadir=${data}`,
    `--socket=${socket}`,
    `--pid-file=${join(folder, 'mariadb.pid')}`,
    '--user=root',
    '--skip-networking',
    '--innodb-flush-log-at-trx-commit=0',
  ]);
  const client = ['--no-defaults', `--socket=${socket}`, '--user=root'];
  await until('MariaDB answers', async () => {
    execFileSync('mariadb', [...client, '-e', 'create database if not exists wordpress'], { stdio: 'pipe' });
    return true;
  });
  return socket;
}

/** WordPress in a folder of its own, served by PHP, with our must-use plugin. */
export async function startWordPress({ folder, start }, socket, url, serviceUrl) {
  const web = join(folder, 'web');
  cpSync(SHARED, web, { recursive: true, dereference: true });
  const plugins = join(web, 'wp-content/mu-plugins');
  mkdirSync(plugins, { recursive: true });
  cpSync(
    join(root, 'integrations/wordpress/leave-a-reply-akismet.php'),
    join(plugins, 'leave-a-reply-akismet.php'),
  );
  cpSync(join(root, 'test/wordpress/probe.php'), join(plugins, 'probe.php'));
  writeFileSync(join(web, 'wp-config.php'), config(socket, serviceUrl));
  start('php', ['-d', 'display_errors=0', '-S', new URL(url).host, '-t', web], {
    PHP_CLI_SERVER_WORKERS: '4',
  });
  return {
    install: (key) =>
      execFileSync('php', [join(root, 'test/wordpress/setup.php'), web, url, key], { encoding: 'utf8' }),
    /** Runs PHP inside of WordPress and gives what it prints. */
    run: (code) =>
      execFileSync(
        'php',
        ['-r', `$_SERVER['HTTP_HOST'] = '${new URL(url).host}'; require '${web}/wp-load.php'; ${code}`],
        { encoding: 'utf8' },
      ),
  };
}

function config(socket, serviceUrl) {
  const defined = {
    DB_NAME: 'wordpress',
    DB_USER: 'root',
    DB_PASSWORD: '',
    DB_HOST: `localhost:${socket}`,
    DB_CHARSET: 'utf8mb4',
    LEAVE_A_REPLY_URL: serviceUrl,
    AUTH_KEY: 'a',
    SECURE_AUTH_KEY: 'b',
    LOGGED_IN_KEY: 'c',
    NONCE_KEY: 'd',
  };
  return `<?php
${Object.entries(defined)
  .map(([name, value]) => `define( '${name}', '${value}' );`)
  .join('\n')}
define( 'WP_HTTP_BLOCK_EXTERNAL', true );
define( 'DISABLE_WP_CRON', true );
define( 'WP_DEBUG', false );
$table_prefix = 'wp_';
if ( ! defined( 'ABSPATH' ) ) {
	define( 'ABSPATH', __DIR__ . '/' );
}
require_once ABSPATH . 'wp-settings.php';
`;
}
