/** A Hono route that parses JSON and answers, and does nothing else: what HTTP costs by itself. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';

export async function startBareHono(): Promise<{ readonly url: string; readonly stop: () => void }> {
  const app = new Hono();
  app.post('/v1/comments', async (c) => {
    const { post } = await c.req.json<{ post: string }>();
    return c.json({ post }, 201);
  });
  const server = await new Promise<Server>((resolve) => {
    const started = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () =>
      resolve(started as Server),
    );
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, stop: () => server.close() };
}
