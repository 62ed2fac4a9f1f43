import { z } from 'zod';
import { TerminalSettings } from '../twin/index.ts';

/** Body of `down/desired`: the settings of this terminal, all layers put together. Versions of one terminal only grow. */
export const Desired = z.strictObject({ version: z.int().min(1), settings: TerminalSettings });
export type Desired = z.infer<typeof Desired>;
