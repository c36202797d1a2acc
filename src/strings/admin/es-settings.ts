/** The texts of the settings in Spanish. */
import type { enSettings } from './en-settings.ts';

export const esSettings: typeof enSettings = {
  about: 'Los cambios se aplican a los comentarios nuevos en menos de un segundo.',
  saved: 'Se han guardado los ajustes.',
  discard: 'Descartar los cambios',
  checkFields: 'Revise los campos marcados.',
  empty: 'Escriba un número de {min} a {max}.',
  range: 'Escriba un número de {min} a {max}.',
  reset: 'Volver al valor predeterminado ({value})',
  never: 'nunca',
  on: 'sí',
  off: 'no',
  entries: '{count} entradas',
  noWords: 'Ninguna.',
  newWords: 'Añadir palabras como regla',
  makeRule: 'Convertir «{name}» en una regla para cambiarla',
  tryIt: 'Mostrar qué cambiaría',
  trying: 'Probando los cambios con los comentarios de los últimos 7 días …',
  noComments: 'No hubo comentarios en los últimos 7 días.',
  noChange: 'Ninguno de los {comments} comentarios de los últimos 7 días se habría tratado de otro modo.',
  effect: 'De los {comments} comentarios de los últimos 7 días: {changes}.',
  more: '{count} más {what}',
  fewer: '{count} menos {what}',
  outcomes: {
    publish: 'publicados',
    hold: 'retenidos',
    spam: 'marcados como spam',
    discard: 'en la papelera',
  },
  groups: {
    form: 'Formulario',
    holding: 'Retención de comentarios',
    filter: 'Filtro de spam',
    privacy: 'Privacidad',
    notifications: 'Avisos',
    akismet: 'Clientes de Akismet',
  },
  units: {
    seconds: 'segundos',
    minutes: 'minutos',
    days: 'días',
    links: 'enlaces',
    comments: 'comentarios',
    decisions: 'decisiones al día',
  },
  choices: {
    never: 'nunca',
    attack: 'mientras el sitio sufre un ataque',
    always: 'siempre',
    spam: 'spam',
    ham: 'bueno',
    recheck: 'bueno, y preguntar de nuevo',
  },
  fields: {
    require_name: ['Nombre obligatorio', 'Los lectores tienen que dar un nombre.'],
    require_email: [
      'Correo electrónico obligatorio',
      'Los lectores tienen que dar una dirección de correo. Nunca se publica.',
    ],
    flood_seconds: [
      'Tiempo mínimo entre dos comentarios',
      'De un mismo autor o dirección. 0 desactiva el límite.',
    ],
    close_after_days: ['Cerrar los artículos tras', 'Los más antiguos no admiten comentarios. Vacío: nunca.'],
    proof_of_work: [
      'Prueba de trabajo',
      'Cuándo pide el formulario que el navegador calcule durante un segundo, lo que frena a los programas de spam.',
    ],
    feed: [
      'Canal de comentarios',
      'Los últimos comentarios aprobados en /feeds/NOMBRE/comments.atom, legibles sin clave.',
    ],
    premoderate: ['Retener todos los comentarios', 'Un moderador lee cada comentario antes de publicarlo.'],
    hold_first_time_authors: [
      'Retener a quien comenta por primera vez',
      'Hasta que se apruebe uno de sus comentarios. Hacen falta direcciones de correo.',
    ],
    hold_trackbacks: [
      'Retener trackbacks y pingbacks',
      'Los envían programas de otros sitios para colocar un enlace.',
    ],
    hold_advertising_names: [
      'Retener nombres publicitarios',
      'Nombres que son una dirección, un teléfono o un negocio.',
    ],
    max_links: ['Máximo de enlaces', 'Los comentarios con más enlaces se retienen.'],
    minimum_seconds: ['Tiempo mínimo para escribir', 'Los comentarios enviados más rápido se retienen.'],
    recent_rejections: [
      'Rechazos recientes',
      'Retener cuando se hayan rechazado tantos de los últimos diez comentarios del autor. 0: nunca.',
    ],
    suspect_words: ['Palabras sospechosas', 'Los comentarios con estas palabras se retienen.'],
    banned_words: ['Palabras prohibidas', 'Los comentarios con estas palabras van a la papelera.'],
    reject_reasons: [
      'Motivos de rechazo',
      'Uno por línea, nueve como máximo. Los moderadores los eligen con las teclas 1 a 9, en este orden.',
    ],
    max_ham_blocked: [
      'Comentarios buenos bloqueados por error, como máximo',
      'El filtro solo marca spam por sí solo si cumple este límite.',
    ],
    confidence: ['Confianza del límite', 'Con qué seguridad debe cumplirse el límite.'],
    discard_from: [
      'Mover a la papelera desde',
      'Con esta probabilidad de spam un comentario va a la papelera en vez de a spam.',
    ],
    audit_share: [
      'Controles al azar',
      'Proporción de decisiones automáticas que un moderador revisa al azar. Muestran cuánto se equivoca el filtro.',
    ],
    second_look_share: [
      'Segundas revisiones',
      'Proporción de decisiones que otro moderador toma de nuevo sin ver la primera. Lo habitual es del 2 % al 5 %.',
    ],
    votes_per_day: [
      'Muestras por moderador',
      'Como máximo tantas decisiones de un moderador al día entrenan el filtro. Las muestras subidas cuentan siempre.',
    ],
    delete_spam_after_days: [
      'Eliminar el spam tras',
      'Solo los comentarios que ningún moderador decidió. Vacío: nunca.',
    ],
    forget_visitors_after_days: [
      'Eliminar los datos técnicos tras',
      'El seudónimo de la dirección IP, el navegador y la página de procedencia. Vacío: nunca.',
    ],
    overdue_minutes: [
      'Avisar de comentarios atrasados tras',
      'Los webhooks reciben el evento «comentario atrasado». Vacío: nunca.',
    ],
    akismet_unsure: [
      'Respuesta para comentarios retenidos',
      'Qué se dice a un cliente de Akismet de un comentario que aquí está retenido.',
    ],
    akismet_recheck_seconds: [
      'Preguntar de nuevo tras',
      'Cuándo deben volver a preguntar los clientes de Akismet.',
    ],
    akismet_allow_empty_ip: [
      'Permitir direcciones IP vacías',
      'Para clientes como Coral, que no envían la dirección IP.',
    ],
  },
};
