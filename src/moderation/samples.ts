/** Labelled comments in bulk. */
import type { Label } from '../core/comment.ts';
import { createId } from '../core/id.ts';
import type { Service } from '../service.ts';
import { insertSamples } from '../storage/samples.ts';
import { type Actor, actorReference } from './actor.ts';
import { hashContent } from './submission.ts';

export interface NewSample {
  readonly content: string;
  readonly label: Label;
  readonly authorName: string | null;
  readonly authorUrl: string | null;
}

const BATCH = 500;

/** Stores samples; one that is there already (same text and label) counts as known. */
export async function addSamples(
  service: Service,
  siteId: string,
  actor: Actor,
  source: string,
  samples: readonly NewSample[],
): Promise<{ added: number; known: number }> {
  const now = service.now();
  let added = 0;
  for (let at = 0; at < samples.length; at += BATCH) {
    added += await insertSamples(
      service.db,
      samples.slice(at, at + BATCH).map((sample) => ({
        id: createId(now.getTime(), service.random(10)),
        site_id: siteId,
        content: sample.content,
        author_name: sample.authorName,
        author_url: sample.authorUrl,
        label: sample.label,
        source,
        actor: actorReference(actor),
        content_hash: hashContent(sample.content),
        created_at: now,
      })),
    );
  }
  return { added, known: samples.length - added };
}
