import type { DeviceReport } from '@jolly/contracts/device-report';
import type { ReactNode } from 'react';

type Role = DeviceReport['role'];

/** Where each device is in the drawing: its outline for the ring, its number outside, and the thin line between. */
export interface Part {
  readonly number: readonly [x: number, y: number];
  readonly line: string;
  readonly ring: ReactNode;
}

/** From the top of the machine to its foot: the order of the numbers, in the drawing and in the table. */
export const PART_ORDER: readonly Role[] = [
  'presence',
  'display',
  'card',
  'barcode',
  'pos',
  'printer',
  'lights',
  'keypad',
  'audio',
  'door',
  'ups',
];

export const kioskParts: Readonly<Record<Role, Part>> = {
  presence: {
    number: [336, 69],
    line: 'M187 81H323',
    ring: <circle cx="187" cy="81" r="9" />,
  },
  display: {
    number: [36, 243],
    line: 'M49 243H93',
    ring: <rect x="90" y="94" width="194" height="306" rx="8" />,
  },
  card: {
    number: [36, 455],
    line: 'M49 455H84',
    ring: <rect x="82" y="441" width="84" height="52" rx="9" />,
  },
  barcode: {
    number: [337, 412],
    line: 'M196 443V412H324',
    ring: <rect x="173" y="441" width="46" height="24" rx="8" />,
  },
  pos: {
    number: [341, 466],
    line: 'M328 466H291',
    ring: <rect x="227" y="441" width="66" height="92" rx="9" />,
  },
  printer: {
    number: [36, 506],
    line: 'M49 506L81 514',
    ring: <rect x="80" y="502" width="88" height="24" rx="12" />,
  },
  lights: {
    number: [346, 515],
    line: 'M333 515H308',
    ring: <path d="M301 440L309 440L304 545L296 545Z" />,
  },
  keypad: {
    number: [333, 568],
    line: 'M217 502H223V568H320',
    ring: <rect x="173" y="476" width="46" height="52" rx="9" />,
  },
  audio: {
    number: [36, 560],
    line: 'M49 560L103 542',
    ring: <circle cx="110" cy="540" r="9" />,
  },
  door: {
    number: [36, 640],
    line: 'M49 640H157',
    ring: <rect x="154" y="570" width="66" height="113" rx="7" />,
  },
  ups: {
    number: [333, 640],
    line: 'M208 656H250V640H320',
    ring: <rect x="164" y="640" width="46" height="34" rx="6" />,
  },
};

/** The machine itself, from the front. */
export function KioskBody() {
  return (
    <>
      <ellipse cx="187" cy="718" rx="118" ry="11" className="k-shadow" />
      <path d="M104 693H270L281 711H93Z" className="k-foot" />
      <rect x="145" y="555" width="84" height="138" className="k-post" />
      <rect x="157" y="573" width="60" height="107" rx="4" className="k-dark" />
      <rect x="167" y="643" width="40" height="28" rx="3" className="k-mid" />
      <path d="M190 649l-7 9h6l-3 8 9-10h-6l3-7z" className="k-edge" />
      <path d="M58 84q0-18 18-18H297q18 0 18 18V425H58Z" className="k-body" />
      <path d="M58 425H315V436L303 543q-2 14-16 14H86q-14 0-15-14L58 436Z" className="k-lower" />
      <rect x="58" y="420" width="257" height="5" className="k-dark" />
      <circle cx="187" cy="81" r="4.500" className="k-light" />
      <rect x="93" y="97" width="188" height="300" rx="5" className="k-screen-night" />
      <path
        d="M93 165H105V135H110V165H122V143H128V139H150V143H156V165H168V134H186V165H199V144L212 137L224 144V165H234V125H246V165H281V182H93Z"
        className="k-town"
      />
      <path d="M93 182H281V376H93Z" className="k-screen-stone" />
      <rect x="104" y="193" width="166" height="40" rx="4" className="k-screen-blue" />
      {[241, 278, 315].map((y) => (
        <g key={y}>
          <rect x="104" y={y} width="80" height="30" rx="4" className="k-screen-card" />
          <rect x="190" y={y} width="80" height="30" rx="4" className="k-screen-card" />
        </g>
      ))}
      <rect x="84" y="443" width="80" height="48" rx="7" className="k-dark" />
      <rect x="94" y="451" width="60" height="32" rx="4" className="k-lit" />
      <rect x="81" y="504" width="86" height="20" rx="10" className="k-mid" />
      <rect x="86" y="509" width="76" height="10" rx="5" className="k-slot" />
      <rect x="175" y="443" width="42" height="20" rx="5" className="k-dark" />
      <rect x="182" y="450" width="28" height="7" rx="2.500" className="k-light" />
      <rect x="175" y="478" width="42" height="48" rx="6" className="k-dark" />
      {[489, 502, 515].flatMap((y) =>
        [185, 196, 207].map((x) => (
          <circle
            key={`${x} ${y}`}
            cx={x}
            cy={y}
            r="3.600"
            className={x === 196 && y === 502 ? 'k-amber' : 'k-key'}
          />
        )),
      )}
      <rect x="229" y="443" width="62" height="88" rx="7" className="k-dark" />
      <rect x="236" y="450" width="48" height="27" rx="3" className="k-key" />
      {[483, 494, 505].flatMap((y) =>
        [236, 253, 270].map((x) => (
          <rect key={`${x} ${y}`} x={x} y={y} width="14" height="7" rx="2" className="k-mid" />
        )),
      )}
      <rect x="236" y="516" width="14" height="7" rx="2" className="k-red" />
      <rect x="253" y="516" width="14" height="7" rx="2" className="k-mid" />
      <rect x="270" y="516" width="14" height="7" rx="2" className="k-green" />
      <path d="M303 442L307 442L302 543L298 543Z" className="k-light" />
      <circle cx="110" cy="540" r="5.500" className="k-dark" />
      <circle cx="110" cy="540" r="2.200" className="k-key" />
    </>
  );
}
