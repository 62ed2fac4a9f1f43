import { z } from 'zod';
import { Layer, SettingChange, TerminalSettings } from '../twin/index.ts';
import { TerminalId } from '../values/index.ts';
import { Fault } from './problem.ts';

/** One version of one layer: who said what, when, why. Versions of all layers are one series, so a higher number is later. */
export const SettingsVersion = z.object({
  version: z.int(),
  at: z.number(),
  by: z.string(),
  note: z.string(),
  /** Number of the version it goes back to. */
  revertOf: z.int().optional(),
  changes: z.array(SettingChange),
});
export type SettingsVersion = z.infer<typeof SettingsVersion>;

/** `id`: centre → `centre`, municipality → its tenant id, site → site id, terminal → terminal id. */
export const SettingsLayer = z.object({
  layer: Layer,
  id: z.string(),
  /** 0 = nothing was ever said. */
  version: z.int(),
  document: TerminalSettings,
  /** Newest first. */
  history: z.array(SettingsVersion),
});
export type SettingsLayer = z.infer<typeof SettingsLayer>;

export const SettingsWrite = z.object({
  /** The version that was edited; refused with SETTINGS_CHANGED when there is a newer one. */
  baseVersion: z.int().min(0),
  /** As sent: checked with every fault listed. */
  document: z.record(z.string(), z.unknown()),
  note: z.string().min(3).max(200),
});
export type SettingsWrite = z.infer<typeof SettingsWrite>;
export const SettingsRevert = z.object({
  baseVersion: z.int().min(0),
  version: z.int().min(0),
  note: z.string().min(3).max(200),
});

/** What a change would do before it is made. */
export const SettingsPreview = z.object({
  faults: z.array(Fault),
  changes: z.array(SettingChange),
  /** Terminals whose settings would be other ones; the first hundred, and how many there are. */
  affected: z.array(z.object({ terminalId: TerminalId, changes: z.array(SettingChange) })),
  affectedCount: z.int(),
});
export type SettingsPreview = z.infer<typeof SettingsPreview>;

/** One terminal: what holds, and which layer said it. */
export const EffectiveSettings = z.object({
  version: z.int(),
  document: TerminalSettings,
  origins: z.record(z.string(), Layer),
  reportedVersion: z.int().optional(),
  refused: z.object({ version: z.int(), faults: z.array(Fault) }).optional(),
});
export type EffectiveSettings = z.infer<typeof EffectiveSettings>;
