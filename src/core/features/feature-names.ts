/** Names of features for people to read, e.g. `word:viagra`, `bigram:check out`, `shape:links=3`. */

import { sliceNormalised } from '../text/normalise.ts';
import type { NormalisedText } from '../text/normalised-text.ts';
import { CALL_KINDS } from './call-words.ts';
import { FEATURE_GROUPS, GROUP } from './feature-groups.ts';
import type { FeatureList } from './feature-list.ts';
import { lastTexts } from './features.ts';
import { HOST_KINDS } from './host-kinds.ts';
import { LINK_KIND, LINK_KINDS } from './link-features.ts';
import { nameSender } from './sender-features.ts';
import { AUTHOR_KIND, AUTHOR_KINDS, SHAPE_KINDS } from './shape-features.ts';

/** Groups that do not stand in the content. */
const MEASURED = new Set<number>([GROUP.shape, GROUP.form, GROUP.author, GROUP.sender]);

/** The name of the feature at `index` of the features that were extracted last. */
export function nameFeature(features: FeatureList, index: number): string {
  const group = features.groups[index];
  const kind = features.kinds[index];
  const end = features.ends[index];
  const prefix = FEATURE_GROUPS[group] ?? '';
  if (group === GROUP.shape) return `${prefix}:${SHAPE_KINDS[kind] ?? kind}=${end}`;
  if (group === GROUP.form) {
    return `${prefix}:${SHAPE_KINDS[features.starts[index]] ?? ''}+${SHAPE_KINDS[end] ?? ''}`;
  }
  if (group === GROUP.call) return nameCall(features, index);
  if (group === GROUP.sender) return `${prefix}:${nameSender(kind, end)}`;
  if (kind === LINK_KIND.hostKind) return `${prefix}:${LINK_KINDS[kind]}=${HOST_KINDS[end] ?? end}`;
  if (kind >= AUTHOR_KIND) return `${prefix}:${AUTHOR_KINDS[kind - AUTHOR_KIND] ?? kind}=${end}`;
  if (kind === LINK_KIND.pathLength || kind === LINK_KIND.commercialPath)
    return `${prefix}:${LINK_KINDS[kind]}=${end}`;
  const text = sliceNormalised(textOf(group, kind), features.starts[index], end);
  if (group === GROUP.edge) return `${prefix}:${kind > 0 ? 'last' : 'first'}=${text}`;
  return kind > 0 ? `${prefix}:${LINK_KINDS[kind] ?? kind}=${text}` : `${prefix}:${text}`;
}

function nameCall(features: FeatureList, index: number): string {
  const kind = features.kinds[index];
  const end = features.ends[index];
  if (kind === 0) return `call:${CALL_KINDS[0]}=${end}`;
  return `call:${CALL_KINDS[kind] ?? kind}=${sliceNormalised(lastTexts.content, features.starts[index], end)}`;
}

/** Whether the feature at `index` stands in the content, so that it can be shown there. */
export function standsInContent(features: FeatureList, index: number): boolean {
  const group = features.groups[index];
  if (MEASURED.has(group)) return false;
  const kind = features.kinds[index];
  if (group === GROUP.call) return kind > 0;
  return kind < LINK_KIND.pathLength || kind === LINK_KIND.path;
}

function textOf(group: number, kind: number): NormalisedText {
  if (group !== GROUP.author) return lastTexts.content;
  return kind > 0 ? lastTexts.authorAddress : lastTexts.author;
}
