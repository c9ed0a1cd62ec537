// Asks html-validate about pages: file names on stdin, one finding a line on stdout.
//
// The rules are its own recommended ones, of which these few are about taste and not about HTML:
// blank lines of templates stay, and a long title names the battery. HTML 4.11.1 says that `details`
// is no sectioning content, so that a `dt` may hold one; html-validate's table says that it is. It
// does not look into pictures, so an id that a picture refers to within itself is looked for here.

import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { FileSystemConfigLoader, HtmlValidate } from 'html-validate';

const validator = new HtmlValidate(
  new FileSystemConfigLoader({
    root: true,
    extends: ['html-validate:recommended', 'html-validate:a11y', 'html-validate:document'],
    elements: ['html5', { details: { sectioning: false } }],
    rules: {
      'no-trailing-whitespace': 'off',
      'long-title': 'off',
      'no-inline-style': 'error',
      'require-sri': 'off',
    },
  }),
);

for await (const file of createInterface({ input: process.stdin })) {
  const html = readFileSync(file, 'utf8');
  const report = await validator.validateString(html, file);
  const isInPicture = (message) => html.includes(` id="${/"([^"]+)"/.exec(message)?.[1]}"`);
  for (const { messages } of report.results) {
    for (const { line, column, ruleId, message } of messages) {
      if (ruleId === 'no-missing-references' && isInPicture(message)) continue;
      process.stdout.write(`${JSON.stringify({ file, line, column, rule: ruleId, message })}\n`);
    }
  }
}
