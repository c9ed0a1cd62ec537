// Puts the vectors of sealed files to the foreign opener, one a line; see tests/test_foreign_opener.py.
import {createInterface} from 'node:readline';

import {contentKey, digestOf, fromBase64url, open, readFile} from './opener-files.mjs';
import {need, parse} from './stranger-documents.mjs';

async function answer({content, digest, expected, groupKey, contentKey: given}) {
  try {
    const bytes = fromBase64url(content);
    need(!digest || await digestOf(bytes) === digest, 'digest');
    const file = readFile(bytes);
    const key = groupKey ? await contentKey(file.header, fromBase64url(groupKey)) : fromBase64url(given);
    const plaintext = await open(file, key, expected);
    return {ok: file.kind === 'payload' ? parse(plaintext) : {plaintext: plaintext.toString('base64url')}};
  } catch ({message}) {
    return {check: message.split(':')[0], says: message};
  }
}

for await (const line of createInterface({input: process.stdin})) {
  console.log(JSON.stringify(await answer(JSON.parse(line))));
}
