/** The texts of the settings in English. */

type Texts = Readonly<Record<string, string>>;

export const enSettings = {
  about: 'Changes apply to new comments within a second.',
  saved: 'The settings were saved.',
  discard: 'Discard changes',
  checkFields: 'Check the marked fields.',
  empty: 'Enter a number from {min} to {max}.',
  range: 'Enter a number from {min} to {max}.',
  reset: 'Reset to the default ({value})',
  never: 'never',
  on: 'on',
  off: 'off',
  entries: '{count} entries',
  noWords: 'None.',
  newWords: 'Add words as a rule',
  makeRule: 'Turn “{name}” into a rule to change it',
  tryIt: 'Show what would change',
  trying: 'Trying the changes on the comments of the last 7 days …',
  noComments: 'There were no comments in the last 7 days.',
  noChange: 'None of the {comments} comments of the last 7 days would have been treated differently.',
  effect: 'Of the {comments} comments of the last 7 days: {changes}.',
  more: '{count} more {what}',
  fewer: '{count} fewer {what}',
  outcomes: {
    publish: 'published',
    hold: 'held',
    spam: 'marked as spam',
    discard: 'moved to trash',
  } as Texts,
  groups: {
    form: 'Form',
    holding: 'Holding comments',
    filter: 'Spam filter',
    privacy: 'Privacy',
    notifications: 'Notifications',
    akismet: 'Akismet clients',
  },
  units: {
    seconds: 'seconds',
    minutes: 'minutes',
    days: 'days',
    links: 'links',
    comments: 'comments',
    decisions: 'decisions per day',
  },
  choices: {
    never: 'never',
    attack: 'while the site is under attack',
    always: 'always',
    spam: 'spam',
    ham: 'good',
    recheck: 'good, and to ask again',
  } as Texts,
  /** By the setting's name in the API: its title, and what it means. */
  fields: {
    require_name: ['Name required', 'Readers have to give a name.'],
    require_email: [
      'E-mail address required',
      'Readers have to give an e-mail address. It is never published.',
    ],
    flood_seconds: [
      'Shortest time between two comments',
      'Of one author or address. 0 switches the limit off.',
    ],
    close_after_days: [
      'Close articles after',
      'Older articles take no more comments. Leave empty for never.',
    ],
    proof_of_work: [
      'Proof of work',
      'When the form asks the browser to compute for about a second, which slows down spam programs.',
    ],
    feed: [
      'Feed of comments',
      'The newest approved comments at /feeds/NAME/comments.atom, readable without a key.',
    ],
    premoderate: ['Hold every comment', 'A moderator reads every comment before it is published.'],
    hold_first_time_authors: [
      'Hold first-time commenters',
      'Until one of their comments is approved. Needs e-mail addresses to tell authors apart.',
    ],
    hold_trackbacks: [
      'Hold trackbacks and pingbacks',
      'Other sites’ programs send them for the sake of a link.',
    ],
    hold_advertising_names: [
      'Hold advertising names',
      'Names that are an address, a phone number or a trade.',
    ],
    max_links: ['Most links', 'Comments with more links are held.'],
    minimum_seconds: ['Shortest time to write', 'Comments that were sent faster are held.'],
    recent_rejections: [
      'Recent rejections',
      'Hold comments when this many of the author’s last ten were rejected. 0: never.',
    ],
    suspect_words: ['Suspect words', 'Comments with these words are held.'],
    banned_words: ['Banned words', 'Comments with these words are moved to trash.'],
    reject_reasons: [
      'Reasons for rejection',
      'One a line, at most nine. Moderators choose them with the keys 1 to 9, in this order.',
    ],
    max_ham_blocked: [
      'Good comments wrongly blocked, at most',
      'The filter marks comments as spam on its own only when it keeps this limit.',
    ],
    confidence: ['Confidence of the limit', 'How sure it has to be that the limit is kept.'],
    discard_from: ['Move to trash from', 'At this spam probability a comment goes to trash instead of spam.'],
    audit_share: [
      'Spot checks',
      'Share of automatic decisions that a moderator checks at random. They show how often the filter is wrong.',
    ],
    second_look_share: [
      'Second reviews',
      'Share of decisions that a second moderator makes again without seeing the first. 2% to 5% is usual.',
    ],
    votes_per_day: [
      'Samples per moderator',
      'At most this many decisions of one moderator a day train the filter. Uploaded samples always count.',
    ],
    delete_spam_after_days: [
      'Delete spam after',
      'Only comments that no moderator decided on. Leave empty for never.',
    ],
    forget_visitors_after_days: [
      'Delete technical data after',
      'The pseudonym of the IP address, the browser and the referring page. Leave empty for never.',
    ],
    overdue_minutes: [
      'Report overdue comments after',
      'Webhooks get the event “comment overdue”. Leave empty for never.',
    ],
    akismet_unsure: [
      'Answer for held comments',
      'What an Akismet client is told about a comment that is held here.',
    ],
    akismet_recheck_seconds: ['Ask again after', 'When Akismet clients are told to ask again.'],
    akismet_allow_empty_ip: [
      'Allow empty IP addresses',
      'For clients such as Coral that send no IP address.',
    ],
  } as Readonly<Record<string, readonly [title: string, about: string]>>,
};
