/**
 * Makes `navigator.language` one that `Intl` takes. uPlot asks `Intl` for it when its file is loaded, and Chromium under some
 * locales of the system says `en-US@posix`: the administration then stayed blank.
 */
try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: navigator.language.split('@')[0] });
}
