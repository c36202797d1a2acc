/** Near-copies within a file that is imported. */

export interface Campaigns {
  readonly find: (bands: readonly number[], ownId: string) => string | null;
}

const MOST_BANDS = 400_000;
/** Of 16: texts that agree in half of their bands have a similarity of about 0.84 (see near-duplicate.ts). */
const NEAR_BANDS = 8;

/**
 * Near-copies within the file share a campaign, told by their bands alone: asking the database for each comment took
 * most of an import's time. What the database has already is not looked at.
 */
export function createCampaigns(): Campaigns {
  const byBand = new Map<number, string>();
  return {
    find: (bands, ownId) => {
      if (bands.length === 0) return null;
      const votes = new Map<string, number>();
      for (const band of bands) {
        const known = byBand.get(band);
        if (known !== undefined) votes.set(known, (votes.get(known) ?? 0) + 1);
      }
      const [best] = [...votes].sort(([, a], [, b]) => b - a);
      const campaign = best && best[1] >= NEAR_BANDS ? best[0] : ownId;
      if (byBand.size > MOST_BANDS) byBand.clear();
      for (const band of bands) if (!byBand.has(band)) byBand.set(band, campaign);
      return campaign;
    },
  };
}
