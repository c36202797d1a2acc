/** Declares what every request carries with it. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Actor } from '../../moderation/actor.ts';
import type { Service } from '../../service.ts';

export interface AppVariables {
  service: Service;
  requestId: string;
  /** The route's pattern, for logs and metrics: a path may hold ids. */
  route: string;
  actor: Actor;
}
export interface AppEnv {
  Variables: AppVariables;
}
export type App = OpenAPIHono<AppEnv>;
export type AppContext = Context<AppEnv>;
