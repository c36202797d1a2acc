/** The examples in deploy/ as they stand, but for ports, certificates and paths: nginx and Caddy where they are installed. */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorkshop, type ServiceProcess } from '../support/service-process.ts';

const run = promisify(execFile);
const deploy = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../deploy/${name}`, import.meta.url)), 'utf8');
const workshop = createWorkshop();
const ADMIN_KEY = 'a-key-for-the-tests-alone';

function has(command: string, parameter: string): boolean {
  try {
    execFileSync(command, [parameter], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** A call over TLS to a proxy on this machine, as a browser would ask for comments.example. */
function ask(port: number, method: string, path: string, body?: unknown, until?: RegExp): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = {
      host: `comments.example:${port}`,
      authorization: `Bearer ${ADMIN_KEY}`,
      'content-type': 'application/json',
      'x-forwarded-for': '203.0.113.9',
    };
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        headers,
        servername: 'comments.example',
        rejectUnauthorized: false,
      },
      (answer) => {
        let text = '';
        const done = () => resolve({ status: answer.statusCode ?? 0, text });
        answer.on('data', (chunk: Buffer) => {
          text += chunk.toString();
          if (!until?.test(text)) return;
          done();
          sent.destroy();
        });
        answer.on('end', done);
      },
    );
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

let service: ServiceProcess;
let folder: string;
beforeAll(async () => {
  folder = workshop.folder();
  service = await workshop.serve({
    DATA_DIR: join(folder, 'data'),
    ADMIN_API_KEY: ADMIN_KEY,
    TRUSTED_PROXIES: '1',
  });
}, 60_000);
afterAll(() => workshop.clean());

const upstream = () => service.url.replace('http://', '');

const proxies = [
  {
    name: 'nginx',
    here: has('nginx', '-v') && has('openssl', 'version'),
    start: async (port: number) => {
      const [plain] = [await freePort()];
      await run('openssl', [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=comments.example'],
        ...['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')],
      ]);
      const site = deploy('nginx.conf')
        .replace('/etc/ssl/comments.example.pem', join(folder, 'cert.pem'))
        .replace('/etc/ssl/comments.example.key', join(folder, 'key.pem'))
        .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
        .replace('listen 80', `listen 127.0.0.1:${plain}`)
        .replaceAll('127.0.0.1:8787', upstream());
      mkdirSync(join(folder, 'nginx'));
      const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (one) => `${one}_temp_path ${folder}/nginx/${one};`,
      );
      writeFileSync(
        join(folder, 'nginx.conf'),
        `daemon off; pid ${folder}/nginx/pid; error_log ${folder}/nginx/error.log;\nevents {}\nhttp { access_log off; ${paths.join(' ')}\n${site}\n}\n`,
      );
      return spawn('nginx', ['-c', join(folder, 'nginx.conf'), '-e', join(folder, 'nginx/error.log')], {
        stdio: 'inherit',
      });
    },
  },
  {
    name: 'Caddy',
    here: has('caddy', 'version'),
    start: async (port: number) => {
      const options = `{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n\tlocal_certs\n\thttps_port ${port}\n}\n`;
      const site = deploy('Caddyfile').replaceAll('127.0.0.1:8787', upstream());
      writeFileSync(join(folder, 'Caddyfile'), options + site);
      const env = {
        PATH: process.env.PATH ?? '',
        HOME: folder,
        XDG_DATA_HOME: folder,
        XDG_CONFIG_HOME: folder,
      };
      return spawn('caddy', ['run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile'], {
        env,
        stdio: 'ignore',
      });
    },
  },
];

describe.each(proxies)('behind $name', ({ here, start }) => {
  it.runIf(here)(
    'answers over TLS, knows its own address, streams events and hides its metrics',
    async () => {
      const port = await freePort();
      const proxy = await start(port);
      const ended = new Promise((resolve) => proxy.once('close', resolve));
      try {
        await expect
          .poll(
            () =>
              ask(port, 'GET', '/readyz').then(
                ({ status }) => status,
                () => 0,
              ),
            { timeout: 20_000 },
          )
          .toBe(200);
        const invited = await ask(port, 'POST', '/v1/users?site=default', {
          name: 'Ada',
          email: `ada@${port}.example`,
          role: 'moderator',
        });
        expect([invited.status, invited.text]).toEqual([
          201,
          expect.stringContaining(`https://comments.example:${port}/invitation#`),
        ]);
        expect((await ask(port, 'GET', '/metrics')).status).toBe(404);
        const events = ask(port, 'GET', '/v1/events?site=default', undefined, /event: comment|event: queue/);
        const comment = {
          post: 'p',
          author_name: 'Ada',
          author_email: `${port}@example.org`,
          content: `Behind a proxy on ${port}, three links: a.example b.example c.example http://d.example http://e.example http://f.example`,
        };
        expect((await ask(port, 'POST', '/v1/comments?site=default', comment)).status).toBe(201);
        expect((await events).text).toMatch(/event: (comment|queue)/);
      } finally {
        proxy.kill('SIGTERM');
        await ended;
      }
    },
    90_000,
  );
});

describe('the systemd unit', () => {
  const unit = deploy('leave-a-reply.service');

  it('starts node itself, gives it longer than it needs to end, and no rights', () => {
    expect(unit).toMatch(/^ExecStart=\/usr\/bin\/node \S+\/dist\/src\/cli\/cli\.js serve$/m);
    expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1])).toBeGreaterThan(10);
    for (const line of ['DynamicUser=yes', 'ProtectSystem=strict', 'NoNewPrivileges=yes'])
      expect(unit).toContain(`\n${line}\n`);
  });

  it.runIf(has('systemd-analyze', '--version'))('is valid for systemd', async () => {
    const path = join(folder, 'leave-a-reply.service');
    writeFileSync(
      path,
      unit.replace('/usr/bin/node', process.execPath).replaceAll('/opt/leave-a-reply', folder),
    );
    const { stderr } = await run('systemd-analyze', ['verify', '--man=no', path]);
    expect(stderr).not.toContain('leave-a-reply.service:');
  });
});
