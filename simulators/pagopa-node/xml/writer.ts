/** An element to write: its text, or its children in order; `undefined` and `false` are left out. */
export type Out = readonly [name: string, content: string | readonly (Out | undefined | false)[]];

const escaped = (text: string): string =>
  text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#xD;');

function render(out: Out | undefined | false): string {
  if (!out) return '';
  const [name, content] = out;
  return `<${name}>${typeof content === 'string' ? escaped(content) : content.map(render).join('')}</${name}>`;
}

/** Text of 1 … `max` characters, as the XSD's stTextNNN want it; undefined when nothing is left. */
export function textOf(text: string | undefined, max: number): string | undefined {
  const kept = Array.from(
    (text ?? '').replace(/[^\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, ''),
  );
  return kept.length === 0 ? undefined : kept.slice(0, max).join('');
}

/** A SOAP envelope in the way the node writes it: prefixes of its own, children of the root unqualified. */
export function soap(namespace: string, root: string, content: readonly (Out | undefined | false)[]): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header/><soap:Body>' +
    `<ns3:${root} xmlns:ns3="${namespace}">${content.map(render).join('')}</ns3:${root}>` +
    '</soap:Body></soap:Envelope>'
  );
}

/** A SOAP 1.1 fault: what a request gets that is for no operation of the node. */
export function soapFault(text: string): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault>' +
    `<faultcode>soap:Client</faultcode><faultstring>${escaped(text)}</faultstring>` +
    '</soap:Fault></soap:Body></soap:Envelope>'
  );
}
