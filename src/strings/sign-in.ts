/** The texts of `/sign-in` and `/invitation`. */
import type { Language } from './languages.ts';

export const signInEnglish = {
  signIn: 'Sign in',
  invitation: 'Invitation',
  email: 'E-mail address',
  password: 'Password',
  newPassword: 'New password (at least 12 characters)',
  choosePassword: 'Choose a password',
  setUp: 'Create the first admin account',
  setUpText: 'Is this a new installation? Use the admin key that the service printed at its first start.',
  adminKey: 'Admin key',
  name: 'Your name',
  continue: 'Continue',
  passwordLength: 'Choose a password of 12 to 200 characters.',
  badEmail: 'Enter a valid e-mail address.',
  unreachable: 'The service cannot be reached. Try again.',
  /** By the code of a problem; the service says in English what is not here. */
  problems: {
    wrong_password: 'Wrong e-mail address or password.',
    invitation_over: 'This invitation has expired or was already used. Ask for a new one.',
    unauthenticated: 'This admin key isn’t valid. It is printed once, at the first start.',
    too_many_failures: 'Too many failed attempts. Wait a few minutes and try again.',
    insecure: 'This page needs https.',
  } as Readonly<Record<string, string>>,
};

export type SignInStrings = typeof signInEnglish;

const german: SignInStrings = {
  signIn: 'Anmelden',
  invitation: 'Einladung',
  email: 'E-Mail-Adresse',
  password: 'Passwort',
  newPassword: 'Neues Passwort (mindestens 12 Zeichen)',
  choosePassword: 'Passwort wählen',
  setUp: 'Erstes Admin-Konto anlegen',
  setUpText:
    'Neu installiert? Verwenden Sie den Admin-Schlüssel, den der Dienst beim ersten Start ausgegeben hat.',
  adminKey: 'Admin-Schlüssel',
  name: 'Ihr Name',
  continue: 'Weiter',
  passwordLength: 'Wählen Sie ein Passwort mit 12 bis 200 Zeichen.',
  badEmail: 'Geben Sie eine gültige E-Mail-Adresse ein.',
  unreachable: 'Der Dienst ist nicht erreichbar. Versuchen Sie es noch einmal.',
  problems: {
    wrong_password: 'E-Mail-Adresse oder Passwort ist falsch.',
    invitation_over: 'Diese Einladung ist abgelaufen oder wurde schon benutzt. Bitten Sie um eine neue.',
    unauthenticated: 'Dieser Admin-Schlüssel ist ungültig. Er wird nur einmal ausgegeben, beim ersten Start.',
    too_many_failures:
      'Zu viele Fehlversuche. Warten Sie einige Minuten und versuchen Sie es dann noch einmal.',
    insecure: 'Diese Seite braucht https.',
  },
};

const spanish: SignInStrings = {
  signIn: 'Iniciar sesión',
  invitation: 'Invitación',
  email: 'Correo electrónico',
  password: 'Contraseña',
  newPassword: 'Contraseña nueva (al menos 12 caracteres)',
  choosePassword: 'Elija una contraseña',
  setUp: 'Crear la primera cuenta de administración',
  setUpText:
    '¿Es una instalación nueva? Use la clave de administración que el servicio mostró en su primer arranque.',
  adminKey: 'Clave de administración',
  name: 'Su nombre',
  continue: 'Continuar',
  passwordLength: 'Elija una contraseña de 12 a 200 caracteres.',
  badEmail: 'Escriba una dirección de correo válida.',
  unreachable: 'No se puede contactar con el servicio. Inténtelo de nuevo.',
  problems: {
    wrong_password: 'Correo electrónico o contraseña incorrectos.',
    invitation_over: 'Esta invitación ha caducado o ya se ha usado. Pida una nueva.',
    unauthenticated:
      'Esta clave de administración no es válida. Se muestra una sola vez, en el primer arranque.',
    too_many_failures: 'Demasiados intentos fallidos. Espere unos minutos e inténtelo de nuevo.',
    insecure: 'Esta página necesita https.',
  },
};

export const signInStrings: Readonly<Record<Language, SignInStrings>> = {
  en: signInEnglish,
  de: german,
  es: spanish,
};
