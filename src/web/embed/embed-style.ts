/** Fonts and colours are the host page's: nothing here names one but the error's, which must be seen. */
export const STYLE = `
:host { display: block; font: inherit; color: inherit; }
:host([hidden]), [hidden] { display: none !important; }
* { box-sizing: border-box; }
h2 { font-size: 1.35em; line-height: 1.2; margin: 1.2em 0 .5em; }
ol { list-style: none; margin: 0; padding: 0; }
ol ol { margin-inline-start: clamp(.75em, 4%, 2em); border-inline-start: 2px solid; padding-inline-start: .75em; border-color: color-mix(in srgb, currentColor 25%, transparent); }
li { margin: 0 0 1em; }
p { margin: .35em 0; }
[part~=author] { font-weight: bold; }
[part~=content] { white-space: pre-wrap; overflow-wrap: anywhere; }
[part~=note] { font-style: italic; }
[part~=waiting] > article { border: 1px dashed; padding: .5em .75em; }
label { display: block; font-weight: bold; }
[part~=field] { margin: .75em 0; }
[part~=remember] { display: flex; gap: .5em; align-items: baseline; }
[part~=remember] label { font-weight: normal; }
input:not([type=checkbox]), textarea { font: inherit; color: inherit; background: transparent; width: 100%; padding: .5em; border: 1px solid currentColor; border-radius: .25em; }
[aria-invalid=true] { outline: 2px solid #b3261e; }
[part~=error] { color: #b3261e; background: #fff; padding: .1em .35em; }
button { font: inherit; color: inherit; background: transparent; border: 1px solid currentColor; border-radius: .25em; padding: .4em .9em; min-height: 24px; cursor: pointer; }
button:disabled { cursor: wait; }
:focus-visible { outline: 3px solid; outline-offset: 2px; }
[part~=reply] { font-size: .85em; }
.trap { position: absolute; inset-inline-start: -10000px; }
`;
