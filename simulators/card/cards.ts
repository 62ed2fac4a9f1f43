import { type RandomBytes, systemRandom } from '@jolly/contracts/values';
import { type Authority, createAuthority } from './ca/authority.ts';
import { CardKeys, textsInFolder, textsInMemory } from './ca/keys.ts';
import type { CardTrouble, EmulatedCard } from './card.ts';
import { CieCard } from './cie/card.ts';
import { GROUP_224, GROUP_256 } from './cie/groups.ts';
import { CITIZENS, type CieCitizen, type Citizen, type CnsCitizen } from './citizens.ts';
import { CnsCard } from './cns/card.ts';
import { personalDataFile } from './cns/personal-data.ts';
import { createTravelDocument, samplePhoto } from './travel-document/index.ts';
import { SecretNumber } from './tries.ts';

export interface CardsOptions {
  /** Folder of the keys; without it they are made anew in memory, those of a citizen when the card is first asked for. */
  readonly data?: string;
  readonly random?: RandomBytes;
  /** Epoch ms. */
  readonly now?: () => number;
  /** Where the certificates say that the CA's lists and answers are; asked when the first card is made. */
  readonly caAddress?: () => string;
}

/** What may be different on a further card of the same citizen. */
export type CieVariant = Partial<
  Pick<
    CieCitizen,
    'extended' | 'manners' | 'padTo' | 'pace' | 'bac' | 'activeAuthentication' | 'chipAuthentication' | 'sod'
  >
>;

/** Cards of invented citizens and the test CA that made them. */
export interface Cards {
  readonly authority: Authority;
  readonly citizens: readonly Citizen[];
  /**
   * The citizen's card, always the same one: its tries and its PIN last as long as this object. With `variant` another card of
   * that citizen. Throws for a citizen that is not known.
   */
  card(id: string): Promise<EmulatedCard>;
  card(id: string, variant: CieVariant): Promise<EmulatedCard>;
}

/** Makes the test CA and, when they are asked for, the cards: all in this process, no socket anywhere. */
export async function createCards(options: CardsOptions = {}): Promise<Cards> {
  const { data, random = systemRandom, now = () => Date.now() } = options;
  const keys = new CardKeys(data === undefined ? textsInMemory() : textsInFolder(data));
  const address = options.caAddress ?? (() => 'http://127.0.0.1:9/ca');
  const authority = await createAuthority({ keys, now, address });
  const day = (date: string) => Date.parse(`${date}T00:00:00Z`);
  const trouble = (): CardTrouble => ({ clone: false, badSod: false });

  const certificateOf = (
    citizen: Citizen,
    serial: string,
    key: Parameters<Authority['issue']>[0]['key'],
    serialText: string = citizen.id,
  ) =>
    authority.issue({
      issuer: citizen.card === 'cie' ? 'citizen' : 'cns',
      serialText,
      commonName: `${citizen.fiscalCode}/${serial}`,
      givenName: citizen.givenNames.toUpperCase(),
      surname: citizen.surname.toUpperCase(),
      notBefore: day(citizen.issued),
      notAfter: day(citizen.expires) + 86_399_000,
      key,
      ...(citizen.revoked === undefined ? {} : { revokedAt: day(citizen.revoked) }),
    });

  async function cie(citizen: CieCitizen): Promise<EmulatedCard> {
    const [signature, device, antiClone, cloneKey, external] = await Promise.all([
      keys.rsa(`${citizen.id}-81`),
      keys.rsa(`${citizen.id}-82`),
      keys.rsa(`${citizen.id}-83`),
      keys.rsa('clone'),
      keys.external(),
    ]);
    const wrong = trouble();
    const active =
      citizen.activeAuthentication === 'rsa'
        ? await keys.rsa(`${citizen.id}-active`, 1024)
        : citizen.activeAuthentication && (await keys.ec(`${citizen.id}-active`));
    const chip = citizen.chipAuthentication && {
      key: await keys.ec(`${citizen.id}-chip`),
      cipher: citizen.chipAuthentication,
    };
    const { documentNumber, surname, givenNames, birthDate, sex, fiscalCode } = citizen;
    const travelDocument = createTravelDocument(
      {
        ...{ documentNumber, surname, givenNames, birthDate, sex, fiscalCode },
        expiryDate: citizen.expires,
        birthPlace: citizen.birthPlace,
        address: citizen.address,
        can: citizen.can,
        photo: samplePhoto(citizen.photo),
        pace: citizen.pace,
        bac: citizen.bac,
        signSod: authority.signSod,
        sod: citizen.sod,
        ...(active ? { activeAuthentication: active } : {}),
        ...(chip ? { chipAuthentication: chip } : {}),
        trouble: () => wrong,
        random,
      },
      { extendedLength: citizen.extended },
    );
    return new CieCard({
      nis: citizen.nis,
      documentNumber,
      certificate: certificateOf(citizen, citizen.nis, signature),
      keys: { signature, device, antiClone },
      cloneKey,
      cloneCertificate: certificateOf(citizen, citizen.nis, cloneKey, `${citizen.id}-copy`),
      external,
      group: citizen.dh === 224 ? GROUP_224 : GROUP_256,
      signSod: authority.signSod,
      sod: citizen.sod,
      historical: citizen.historical,
      parametersAtOnce: citizen.parametersAtOnce,
      manners: citizen.manners,
      extended: citizen.extended,
      padTo: citizen.padTo,
      pin: new SecretNumber(citizen.pin, 3, citizen.pinTries),
      puk: new SecretNumber(citizen.puk, 10),
      travelDocument,
      trouble: wrong,
      random,
    });
  }

  async function cns(citizen: CnsCitizen): Promise<EmulatedCard> {
    const bits = citizen.modulusLength;
    const [key, cloneKey] = await Promise.all([
      keys.rsa(citizen.id, bits),
      keys.rsa(bits === 2048 ? 'clone' : `clone-${bits}`, bits),
    ]);
    const { cardId, historical, protocol, manners, extended } = citizen;
    const { issued, expires, surname, givenNames, birthDate, sex, fiscalCode } = citizen;
    return new CnsCard({
      ...{ cardId, historical, protocol, manners, extended, key, cloneKey },
      personalData: personalDataFile({
        ...{ issued, expires, surname, givenNames, birthDate, sex, fiscalCode },
        issuer: '6030',
        citizenship: 'ITA',
        birthMunicipality: citizen.birthMunicipality,
        residenceMunicipality: 'G999',
        address: citizen.address,
      }),
      certificate: certificateOf(citizen, `${cardId}.${citizen.id.length}Jt`, key),
      keyLength: bits / 8,
      pin: new SecretNumber(citizen.pin, 3, citizen.pinTries),
      puk: new SecretNumber(citizen.puk, 10),
      trouble: trouble(),
    });
  }

  const made = new Map<string, Promise<EmulatedCard>>();
  return {
    authority,
    citizens: CITIZENS,
    card: (id: string, variant?: CieVariant) => {
      const citizen = CITIZENS.find((one) => one.id === id);
      if (!citizen) return Promise.reject(new Error(`no such citizen: ${id}`));
      if (variant) {
        if (citizen.card !== 'cie') return Promise.reject(new Error(`${id} has no identity card`));
        return cie({ ...citizen, ...variant });
      }
      const card = made.get(id) ?? (citizen.card === 'cie' ? cie(citizen) : cns(citizen));
      made.set(id, card);
      return card;
    },
  };
}
