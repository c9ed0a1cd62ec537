// Asks html-validate about pages: file names on stdin, one finding a line on stdout.
//
// The rules are its own recommended ones, of which these few are about taste and not about HTML:
// blank lines of templates stay, and a long title names the battery. HTML 4.11.1 says that `details`
// is no sectioning content, so that a `dt` may hold one; html-validate's table says that it is.

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
  const report = await validator.validateString(readFileSync(file, 'utf8'), file);
  for (const { messages } of report.results) {
    for (const { line, column, ruleId, message } of messages) {
      process.stdout.write(`${JSON.stringify({ file, line, column, rule: ruleId, message })}\n`);
    }
  }
}
