/** The worker of the citizen's app that decodes the camera's picture, as it is built. */
const DECODER = /^\/assets\/code-decoder-[\w-]+\.js$/;

/** Headers of every answer: nothing from elsewhere is loaded, framed, guessed or told (updates.md 5). */
export function securityHeaders(origin: string, path: string): Record<string, string> {
  const policy = [
    "default-src 'none'",
    // a worker has the policy of its own file: only the decoder's may run WebAssembly
    `script-src 'self'${DECODER.test(path) ? " 'wasm-unsafe-eval'" : ''}`,
    "worker-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "media-src 'self' blob:",
    `connect-src 'self' ${origin.replace(/^http/, 'ws')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'content-security-policy': policy.join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy':
      'camera=(self), microphone=(self), geolocation=(), payment=(), usb=(), serial=(), hid=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}

/** The value of one cookie of a request, or undefined. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const [key, ...value] = part.trim().split('=');
    if (key === name) return value.join('=');
  }
  return undefined;
}
