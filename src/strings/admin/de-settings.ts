/** The texts of the settings in German. */
import type { enSettings } from './en-settings.ts';

export const deSettings: typeof enSettings = {
  about: 'Änderungen gelten innerhalb einer Sekunde für neue Kommentare.',
  saved: 'Die Einstellungen wurden gespeichert.',
  discard: 'Änderungen verwerfen',
  checkFields: 'Prüfen Sie die markierten Felder.',
  empty: 'Geben Sie eine Zahl von {min} bis {max} ein.',
  range: 'Geben Sie eine Zahl von {min} bis {max} ein.',
  reset: 'Auf Vorgabe zurücksetzen ({value})',
  never: 'nie',
  on: 'an',
  off: 'aus',
  entries: '{count} Einträge',
  noWords: 'Keine.',
  newWords: 'Wörter als Regel hinzufügen',
  makeRule: '„{name}“ zum Ändern in eine Regel umwandeln',
  tryIt: 'Zeigen, was sich ändern würde',
  trying: 'Die Änderungen werden an den Kommentaren der letzten 7 Tage ausprobiert …',
  noComments: 'In den letzten 7 Tagen gab es keine Kommentare.',
  noChange: 'Keiner der {comments} Kommentare der letzten 7 Tage wäre anders behandelt worden.',
  effect: 'Von den {comments} Kommentaren der letzten 7 Tage wären {changes}.',
  more: '{count} mehr {what}',
  fewer: '{count} weniger {what}',
  outcomes: {
    publish: 'veröffentlicht',
    hold: 'zurückgehalten',
    spam: 'als Spam markiert',
    discard: 'im Papierkorb',
  },
  groups: {
    form: 'Formular',
    holding: 'Kommentare zurückhalten',
    filter: 'Spamfilter',
    privacy: 'Datenschutz',
    notifications: 'Benachrichtigungen',
    akismet: 'Akismet-Clients',
  },
  units: {
    seconds: 'Sekunden',
    minutes: 'Minuten',
    days: 'Tage',
    links: 'Links',
    comments: 'Kommentare',
    decisions: 'Entscheidungen pro Tag',
  },
  choices: {
    never: 'nie',
    attack: 'während eines Angriffs auf die Website',
    always: 'immer',
    spam: 'Spam',
    ham: 'gut',
    recheck: 'gut, und später erneut fragen',
  },
  fields: {
    require_name: ['Name erforderlich', 'Leser müssen einen Namen angeben.'],
    require_email: [
      'E-Mail-Adresse erforderlich',
      'Leser müssen eine E-Mail-Adresse angeben. Sie wird nie veröffentlicht.',
    ],
    flood_seconds: [
      'Mindestabstand zweier Kommentare',
      'Desselben Verfassers oder derselben Adresse. 0 schaltet die Grenze ab.',
    ],
    close_after_days: [
      'Artikel schließen nach',
      'Ältere Artikel nehmen keine Kommentare mehr an. Leer: nie.',
    ],
    proof_of_work: [
      'Rechennachweis',
      'Wann das Formular den Browser etwa eine Sekunde rechnen lässt; das bremst Spam-Programme.',
    ],
    feed: [
      'Kommentar-Feed',
      'Die neuesten freigegebenen Kommentare unter /feeds/NAME/comments.atom, ohne Schlüssel lesbar.',
    ],
    premoderate: [
      'Jeden Kommentar zurückhalten',
      'Ein Moderator liest jeden Kommentar vor der Veröffentlichung.',
    ],
    hold_first_time_authors: [
      'Erstkommentierende zurückhalten',
      'Bis ein Kommentar von ihnen freigegeben ist. Dafür sind E-Mail-Adressen nötig.',
    ],
    hold_trackbacks: [
      'Trackbacks und Pingbacks zurückhalten',
      'Programme anderer Websites senden sie, um einen Link zu setzen.',
    ],
    hold_advertising_names: [
      'Werbende Namen zurückhalten',
      'Namen, die eine Adresse, eine Telefonnummer oder ein Gewerbe sind.',
    ],
    max_links: ['Höchstzahl der Links', 'Kommentare mit mehr Links werden zurückgehalten.'],
    minimum_seconds: ['Mindestzeit zum Schreiben', 'Schneller gesendete Kommentare werden zurückgehalten.'],
    recent_rejections: [
      'Frühere Ablehnungen',
      'Zurückhalten, wenn so viele der letzten zehn Kommentare des Verfassers abgelehnt wurden. 0: nie.',
    ],
    suspect_words: ['Verdächtige Wörter', 'Kommentare mit diesen Wörtern werden zurückgehalten.'],
    banned_words: ['Verbotene Wörter', 'Kommentare mit diesen Wörtern kommen in den Papierkorb.'],
    reject_reasons: [
      'Gründe für eine Ablehnung',
      'Je Zeile einer, höchstens neun. Moderatoren wählen sie mit den Tasten 1 bis 9 in dieser Reihenfolge.',
    ],
    max_ham_blocked: [
      'Zu Unrecht gesperrte gute Kommentare, höchstens',
      'Nur wenn der Filter diese Grenze einhält, markiert er selbst Spam.',
    ],
    confidence: ['Konfidenz der Grenze', 'Wie sicher es sein muss, dass die Grenze eingehalten wird.'],
    discard_from: [
      'In den Papierkorb ab',
      'Ab dieser Spam-Wahrscheinlichkeit kommt ein Kommentar in den Papierkorb statt in den Spam.',
    ],
    audit_share: [
      'Stichproben',
      'Anteil der automatischen Entscheidungen, die ein Moderator zufällig prüft. Sie zeigen, wie oft der Filter irrt.',
    ],
    second_look_share: [
      'Zweitprüfungen',
      'Anteil der Entscheidungen, die ein zweiter Moderator noch einmal trifft, ohne die erste zu sehen. Üblich sind 2 bis 5 %.',
    ],
    votes_per_day: [
      'Beispiele je Moderator',
      'Höchstens so viele Entscheidungen eines Moderators am Tag trainieren den Filter. Hochgeladene Beispiele zählen immer.',
    ],
    delete_spam_after_days: [
      'Spam löschen nach',
      'Nur Kommentare, über die kein Moderator entschieden hat. Leer: nie.',
    ],
    forget_visitors_after_days: [
      'Technische Daten löschen nach',
      'Das Pseudonym der IP-Adresse, den Browser und die verweisende Seite. Leer: nie.',
    ],
    overdue_minutes: [
      'Überfällige Kommentare melden nach',
      'Webhooks erhalten das Ereignis „Kommentar überfällig“. Leer: nie.',
    ],
    akismet_unsure: [
      'Antwort bei zurückgehaltenen Kommentaren',
      'Was ein Akismet-Client über einen Kommentar erfährt, der hier zurückgehalten wird.',
    ],
    akismet_recheck_seconds: ['Erneut fragen nach', 'Wann Akismet-Clients noch einmal fragen sollen.'],
    akismet_allow_empty_ip: [
      'Leere IP-Adressen zulassen',
      'Für Clients wie Coral, die keine IP-Adresse senden.',
    ],
  },
};
