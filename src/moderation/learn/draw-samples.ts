/** Parts of a site's samples, small enough to keep: those that no filter of the site has learnt, and the others. */
import { hashText } from '../../core/filter/reservoir.ts';
import { HELD_BACK_ONE_IN, isHeldBack } from '../../core/filter/training.ts';
import type { Service } from '../../service.ts';
import { readSamples, type StoredSample } from '../../storage/learn/samples.ts';

export interface Drawn {
  readonly heldBack: readonly StoredSample[];
  /** In an order that their texts give. */
  readonly learnt: readonly StoredSample[];
}

/** As many comments as give an interval of ±0.5 points; more cost time and tell no more. */
const MOST_COMPARED = 20_000;
/** A rehearsal learns at most this many: its fit takes a second. */
const MOST_REHEARSED = 20_000;
/** Texts are kept in memory up to this many characters. */
const MOST_CHARACTERS = 32_000_000;

/** Looks at every sample once, and keeps those that are drawn. */
export interface Drawing {
  readonly offer: (sample: StoredSample) => void;
  readonly drawn: () => Drawn;
}

/** A draw from about `total` samples; which ones are drawn depends on their text alone. */
export function createDrawing(total: number): Drawing {
  const comparedShare = comparedShareOf(total);
  const rehearsedShare = MOST_REHEARSED / Math.max(1, total);
  const heldBack: StoredSample[] = [];
  const learnt: { readonly sample: StoredSample; readonly chance: number }[] = [];
  let characters = 0;
  return {
    offer: (sample) => {
      const held = isHeldBack(sample.group);
      const chance = chanceOf(sample);
      if (chance >= (held ? comparedShare : rehearsedShare) || characters > MOST_CHARACTERS) return;
      characters += sample.content.length;
      if (held) heldBack.push(sample);
      else learnt.push({ sample, chance });
    },
    drawn: () => {
      const ordered = learnt.toSorted((a, b) => a.chance - b.chance);
      return { heldBack, learnt: ordered.map(({ sample }) => sample) };
    },
  };
}

/** The held-back samples that a draw from about `total` gives. */
export async function drawHeldBack(
  service: Service,
  siteId: string,
  total: number,
): Promise<readonly StoredSample[]> {
  const share = Math.min(1, comparedShareOf(total));
  const drawing = createDrawing(total * share);
  for await (const page of readSamples(service.db, siteId, share)) page.forEach(drawing.offer);
  return drawing.drawn().heldBack;
}

/** Of the held-back samples; 1 and more: all of them. */
function comparedShareOf(total: number): number {
  return (MOST_COMPARED * HELD_BACK_ONE_IN) / Math.max(1, total);
}

/** In [0, 1), by the text. */
function chanceOf({ content, label }: StoredSample): number {
  return hashText(`draw ${label} ${content}`) / 2 ** 32;
}
