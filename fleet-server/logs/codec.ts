/** Levels of the log (pino's) as severities of RFC 5424. */
function severityOf(level: number): number {
  if (level >= 60) return 2;
  if (level >= 50) return 3;
  if (level >= 40) return 4;
  return level >= 30 ? 6 : 7;
}

export interface SyslogHead {
  readonly facility: number;
  readonly app: string;
  readonly host: string;
  readonly pid: number;
}

/** One line of the log as a message of RFC 5424: the JSON itself is its text. What is no JSON of ours goes as notice. */
export function syslogMessage(line: string, { facility, app, host, pid }: SyslogHead): string {
  const text = line.trimEnd();
  const { level, time } = headOf(text);
  const priority = facility * 8 + (level === undefined ? 5 : severityOf(level));
  const at = time === undefined ? '-' : new Date(time).toISOString();
  return `<${priority}>1 ${at} ${host || '-'} ${app} ${pid} - - ${text}`;
}

/** Over TCP messages are framed by their length (RFC 6587, 3.4.1). */
export function framed(message: string): string {
  return `${new TextEncoder().encode(message).length} ${message}`;
}

function headOf(text: string): { readonly level?: number; readonly time?: number } {
  try {
    const head = JSON.parse(text) as { level?: unknown; time?: unknown } | null;
    return {
      ...(typeof head?.level === 'number' ? { level: head.level } : {}),
      ...(typeof head?.time === 'number' && Math.abs(head.time) <= 8.64e15 ? { time: head.time } : {}),
    };
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
