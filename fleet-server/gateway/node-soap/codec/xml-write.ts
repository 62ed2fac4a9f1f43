/** What XML 1.0 cannot carry at all, even escaped: most control characters and lone surrogates. */
const UNWRITABLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
const ESCAPED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#13;',
};

/** Text as it stands between two tags. */
export function escapeXml(text: string): string {
  return text.replace(UNWRITABLE, '').replace(/[&<>"'\r]/g, (character) => ESCAPED[character] ?? character);
}

/** The first `length` characters as XSD counts them: code points that XML can carry. */
export function clip(text: string, length: number): string {
  return Array.from(text.replace(UNWRITABLE, '')).slice(0, length).join('');
}

/** One element of a message: text, or its children in the order of the XSD. `undefined` children are left out. */
export type Content = string | readonly (Node | undefined)[];
export type Node = readonly [name: string, content: Content];

function write([name, content]: Node): string {
  const inside =
    typeof content === 'string'
      ? escapeXml(content)
      : content.map((child) => (child ? write(child) : '')).join('');
  return `<${name}>${inside}</${name}>`;
}

/**
 * A SOAP 1.1 envelope around one element of `namespace`. The root alone is qualified, its children are not
 * (pagopa.md 3.1): a default namespace would qualify them and fail the XSD.
 */
export function envelope(namespace: string, root: string, children: readonly (Node | undefined)[]): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>' +
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>' +
    `<nod:${root} xmlns:nod="${namespace}">${children.map((child) => (child ? write(child) : '')).join('')}</nod:${root}>` +
    '</soapenv:Body></soapenv:Envelope>'
  );
}
