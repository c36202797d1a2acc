/** Declares what every part of the administration is given. */

export interface PartProps {
  /** The site's slug. */
  readonly site: string;
  /** What follows the name of the part in the fragment, such as a model's version. */
  readonly subject: string;
  /** Goes to another site. */
  readonly onSite: (slug: string) => void;
  /** A site was made, renamed or deleted. */
  readonly onSitesChanged: () => void;
}
