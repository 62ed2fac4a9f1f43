import { type Element, isBlank } from '../xml/reader.ts';

/** A type of the interface: text with a rule, or a sequence of elements. */
export type Type =
  | { readonly kind: 'text'; readonly holds: (text: string) => boolean }
  | { readonly kind: 'sequence'; readonly particles: readonly Particle[] };

export interface Particle {
  readonly name: string;
  readonly type: Type;
  readonly min: number;
  readonly max: number;
}

const XSI = 'http://www.w3.org/2001/XMLSchema-instance';

export const one = (name: string, type: Type): Particle => ({ name, type, min: 1, max: 1 });
export const optional = (name: string, type: Type): Particle => ({ name, type, min: 0, max: 1 });
export const many = (name: string, type: Type, max: number): Particle => ({ name, type, min: 1, max });
export const sequence = (...particles: readonly Particle[]): Type => ({ kind: 'sequence', particles });

/** First violation as `path: what`, or undefined. The order of elements counts; attributes are not allowed. */
export function violation(element: Element, type: Type, path = element.local): string | undefined {
  const foreign = element.attributes.find(
    ({ local, namespace }) =>
      namespace !== XSI || !/^(schemaLocation|noNamespaceSchemaLocation)$/.test(local),
  );
  if (foreign) return `${path}: attribute ${foreign.local} is not allowed`;
  if (type.kind === 'text') {
    if (element.children.length > 0) return `${path}: text expected`;
    return type.holds(element.text) ? undefined : `${path}: value not allowed`;
  }
  if (!isBlank(element.text)) return `${path}: text between elements`;
  let index = 0;
  for (const particle of type.particles) {
    let count = 0;
    for (; count < particle.max; count++, index++) {
      const child = element.children[index];
      if (!child || child.local !== particle.name || child.namespace !== '') break;
      const inside = violation(child, particle.type, `${path}/${child.local}`);
      if (inside) return inside;
    }
    if (count < particle.min) return `${path}: ${particle.name} expected`;
  }
  const extra = element.children[index];
  return extra ? `${path}: ${extra.local} not expected here` : undefined;
}
