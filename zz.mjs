import { createPaint } from './src/ui/paint.ts'; import { renderMarkdown } from './src/ui/markdown.ts';
const text = `# Fixing the login

I changed **two files** and *nothing else*; see \`src/auth/login.ts:42\` and [the docs](https://example.com/docs). This paragraph is long enough to wrap at all the usual widths, with **bold text that goes on over the end of a line** and a stray * star, snake_case_name and 2 * 3 * 4.

- first item with a long text that has to wrap somewhere around here, I think, yes
  - nested \`code\` item
- [x] done
- [ ] open
1. one
10. ten

> quoted *text* that is also rather long and should wrap with its bar in front of it
> > twice

| File | Change | Lines |
|---|:---:|---:|
| src/auth/login.ts | checks the password | 12 |
| src/日本.ts | **new** | 3 |

\`\`\`ts
// a comment
const answer: number = 42; /* block
still */ return "string";
\`\`\`

---
Done.`;
for (const c of [+process.argv[2]]) for (const w of [40,80]) { console.log('='.repeat(w)); process.stdout.write(renderMarkdown(text,{paint:createPaint(c),columns:()=>w})); }
