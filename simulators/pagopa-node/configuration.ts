import { type Fault, fault } from './faults.ts';

export interface Channel {
  readonly id: string;
  readonly broker: string;
  readonly password: string;
  readonly enabled: boolean;
  readonly type: 'ATTIVATO_PRESSO_PSP' | 'IMMEDIATO_MULTIBENEFICIARIO';
}

export interface Psp {
  readonly id: string;
  readonly taxCode: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly channels: readonly Channel[];
}

const channel = (broker: string, number: string, more: Partial<Channel> = {}): Channel => ({
  id: `${broker}_${number}`,
  broker,
  password: 'PLACEHOLDER',
  enabled: true,
  type: 'ATTIVATO_PRESSO_PSP',
  ...more,
});

/** The PSP of the demo, that of the published examples, and another one for what only a second PSP can show. */
export const psps: readonly Psp[] = [
  {
    id: 'BDIMITMM',
    taxCode: '02654890025',
    name: 'Banca Dimostrativa S.p.A.',
    enabled: true,
    channels: [
      channel('02654890025', '01'),
      channel('02654890025', '02', { type: 'IMMEDIATO_MULTIBENEFICIARIO' }),
      channel('02654890025', '03', { enabled: false }),
    ],
  },
  {
    id: 'BNKITMMX',
    taxCode: '90000000001',
    name: 'Banca degli Esempi S.p.A.',
    enabled: true,
    channels: [channel('90000000001', '07')],
  },
  {
    id: 'ALTRITMM',
    taxCode: '90000000002',
    name: 'Altra Banca S.p.A.',
    enabled: true,
    channels: [channel('90000000002', '01')],
  },
  {
    id: 'CHIUITMM',
    taxCode: '90000000003',
    name: 'Banca Chiusa S.p.A.',
    enabled: false,
    channels: [channel('90000000003', '01')],
  },
];

/** The PSP that wins the races of `pay-elsewhere`. */
export const otherPsp = 'ALTRITMM';

export interface Caller {
  readonly idPsp: string;
  readonly idBroker: string;
  readonly idChannel: string;
  readonly password: string;
}

/** The checks of the caller in the order of pagopa.md 3.8; `activating` calls need a channel of the POS kind. */
export function callerFault(caller: Caller, activating: boolean): Fault | undefined {
  const psp = psps.find(({ id }) => id === caller.idPsp);
  if (!psp) return fault('PPT_PSP_SCONOSCIUTO', 'Identificativo PSP sconosciuto');
  if (!psp.enabled) return fault('PPT_PSP_DISABILITATO');
  const channels = psps.flatMap((each) => each.channels);
  if (!channels.some(({ broker }) => broker === caller.idBroker)) {
    return fault('PPT_INTERMEDIARIO_PSP_SCONOSCIUTO');
  }
  const used = channels.find(({ id }) => id === caller.idChannel);
  if (!used) return fault('PPT_CANALE_SCONOSCIUTO');
  if (!used.enabled) return fault('PPT_CANALE_DISABILITATO');
  if (used.password !== caller.password) return fault('PPT_AUTENTICAZIONE', 'Password sconosciuta o errata');
  if (activating && used.type !== 'ATTIVATO_PRESSO_PSP') {
    return fault('PPT_AUTORIZZAZIONE', "Il canale non è di tipo 'ATTIVATO_PRESSO_PSP'");
  }
  if (used.broker !== caller.idBroker || !psp.channels.includes(used)) {
    return fault('PPT_AUTORIZZAZIONE', 'Configurazione intermediario-canale non corretta');
  }
  return undefined;
}
