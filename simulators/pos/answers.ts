import { type PaymentAnswer, type PosResponse, toWallClock } from '@jolly/drivers/pos/ecr17';

const two = (value: number) => String(value).padStart(2, '0');

/** The answer to `s`, with the terminal's own wall clock. */
export function statusAnswer(terminalId: string, now: number, status: number): PosResponse {
  const wall = new Date(toWallClock(now, 'Europe/Rome'));
  const dateTime = [
    wall.getUTCDate(),
    wall.getUTCMonth() + 1,
    wall.getUTCFullYear() % 100,
    wall.getUTCHours(),
    wall.getUTCMinutes(),
  ];
  return {
    kind: 'status',
    code: 's',
    terminalId,
    dateTime: dateTime.map(two).join(''),
    dateTimeIso: wall.toISOString().slice(0, 16),
    status,
    software: '01020300',
  };
}

/** The answer to `G` of a terminal that has done nothing yet. What a real one says then is not published. */
export function nothingYet(terminalId: string): PaymentAnswer {
  return {
    kind: 'payment',
    code: 'E',
    form: 'plain',
    terminalId,
    result: '01',
    outcome: 'refused',
    pan: null,
    entry: null,
    authCode: null,
    hostDateTime: null,
    reason: 'NESSUNA OPERAZIONE',
    cardType: '3',
    acquirerId: '',
    stan: '000000',
    onlineId: '000000',
  };
}

/** A line of the log: never a card number. */
export function describe(response: PosResponse): string {
  const result = 'result' in response ? ` ${response.result}` : '';
  const stan = 'stan' in response && response.stan ? ` STAN ${response.stan}` : '';
  return `${response.code}${result}${stan}`;
}
