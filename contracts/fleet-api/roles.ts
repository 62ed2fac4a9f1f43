import { z } from 'zod';

/** From who may most to who may least. A person has one role a municipality; `centre-admin` is the service centre's own, for all of them. */
export const ROLES = ['centre-admin', 'municipality-admin', 'technician', 'office', 'viewer'] as const;
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

/** What a route or an act needs. Reading never includes what another permission guards. */
export const PERMISSIONS = [
  'fleet.read',
  'payments.read',
  'payments.settle',
  'alerts.acknowledge',
  'calls.answer',
  'maintenance.write',
  'enrolment.write',
  'settings.write',
  /** Settings that hold for every municipality of the centre. */
  'settings.write-centre',
  'command.light',
  'command.disruptive',
  /** Wipe, and taking a terminal out for good. */
  'command.destructive',
  'logs.read',
  'people.write',
  'audit.read',
  'integrations.write',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

const viewer: readonly Permission[] = ['fleet.read'];
const office: readonly Permission[] = [...viewer, 'payments.read', 'payments.settle', 'calls.answer'];
const technician: readonly Permission[] = [
  ...viewer,
  'alerts.acknowledge',
  'maintenance.write',
  'enrolment.write',
  'settings.write',
  'command.light',
  'command.disruptive',
  'logs.read',
];
const municipality: readonly Permission[] = [
  ...new Set<Permission>([
    ...office,
    ...technician,
    'command.destructive',
    'people.write',
    'audit.read',
    'integrations.write',
  ]),
];

const GRANTED: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  'centre-admin': new Set(PERMISSIONS),
  'municipality-admin': new Set(municipality),
  technician: new Set(technician),
  office: new Set(office),
  viewer: new Set(viewer),
};

export const may = (role: Role, permission: Permission): boolean => GRANTED[role].has(permission);
