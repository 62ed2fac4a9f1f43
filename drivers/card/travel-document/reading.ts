import { type SecretDigits, secretBytes, wipe } from '@jolly/contracts/values';
import { exchange, type Transmitter } from '../apdu/index.ts';
import { cardError } from '../errors.ts';
import { type Photo, readDg1, readDg2, readDg11 } from './data-groups-codec.ts';
import { type Person, personOf } from './person.ts';
import { type DocumentOptions, type ProvedDocument, withTravelDocument } from './travel-document.ts';

/** DG1, without which no document is one. */
export async function readZone(document: ProvedDocument): Promise<Uint8Array> {
  const file = await document.read(1);
  if (!file) throw cardError('CARD_ANSWER_INVALID', { step: 'document-sod', why: 'dg1-missing' });
  return file;
}

/** The holder's photograph, undefined when the document has none. JPEG2000 on a CIE; its owner wipes it. */
export async function readPhoto(
  card: Transmitter,
  can: SecretDigits,
  options: DocumentOptions,
): Promise<Photo | undefined> {
  return withTravelDocument(exchange(card), { kind: 'can', digits: can }, options, async (document) => {
    const file = await document.read(2);
    if (!file) return undefined;
    try {
      const { format, bytes } = readDg2(file);
      const own = secretBytes(bytes.length);
      own.set(bytes);
      return { format, bytes: own };
    } finally {
      wipe(file);
    }
  });
}

/** Names, birth and place for services that fill a form in. */
export async function readPerson(
  card: Transmitter,
  can: SecretDigits,
  options: DocumentOptions,
): Promise<Person> {
  return withTravelDocument(exchange(card), { kind: 'can', digits: can }, options, async (document) => {
    let details: Uint8Array | undefined;
    const zone = await readZone(document);
    try {
      details = await document.read(11);
      return personOf(readDg1(zone), details && readDg11(details), options.at);
    } finally {
      wipe(zone, details);
    }
  });
}
