/** Answers that are written as they are read: memory does not grow with them. */
import { describeError } from '../../logging.ts';
import type { AppContext } from './app-context.ts';

/**
 * The pieces as one body, each asked for when the client has taken the one before. A failure on the way breaks the
 * connection, so that half an answer is not taken for a whole one.
 */
export function streamText(
  c: AppContext,
  pieces: AsyncGenerator<string>,
  mediaType: string,
  fileName: string,
): Response {
  const { service, requestId, route } = c.var;
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const { done, value } = await pieces.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      } catch (error) {
        service.log.error('stream-failed', { requestId, route, ...describeError(error) });
        controller.error(error);
      }
    },
    cancel: async () => {
      await pieces.return(undefined);
    },
  });
  return c.body(body, 200, {
    'content-type': mediaType,
    'content-disposition': `attachment; filename="${fileName}"`,
  });
}
