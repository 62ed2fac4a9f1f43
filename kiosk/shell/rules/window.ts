import type { BrowserWindowConstructorOptions, WebPreferences } from 'electron';

/**
 * Switches that decide how safe the window is. `Required` on purpose: each is decided here, none by a default that a release
 * may change.
 */
type Safety = Required<
  Pick<
    WebPreferences,
    | 'sandbox'
    | 'contextIsolation'
    | 'nodeIntegration'
    | 'nodeIntegrationInWorker'
    | 'nodeIntegrationInSubFrames'
    | 'webSecurity'
    | 'allowRunningInsecureContent'
    | 'experimentalFeatures'
    | 'autoplayPolicy'
    | 'webviewTag'
    | 'devTools'
    | 'spellcheck'
    | 'navigateOnDragDrop'
    | 'safeDialogs'
  >
>;

const safety = (production: boolean): Safety => ({
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  // whoever uses the keypad never touches the glass: sound must not wait for it
  autoplayPolicy: 'no-user-gesture-required',
  webviewTag: false,
  devTools: !production,
  spellcheck: false,
  navigateOnDragDrop: false,
  safeDialogs: true,
});

/** The one window: the whole screen, no frame, no menu, no way out by touch or key. */
export function windowOptions(preload: string, production: boolean): BrowserWindowConstructorOptions {
  return {
    kiosk: production,
    fullscreen: production,
    frame: false,
    show: false,
    autoHideMenuBar: true,
    backgroundColor: '#0b2545',
    width: 608,
    height: 1080,
    webPreferences: {
      ...safety(production),
      preload,
      // the attract page must not slow its clock, nor a countdown be late, because nobody moves
      backgroundThrottling: false,
      disableDialogs: true,
      autoplayPolicy: 'no-user-gesture-required',
    },
  };
}

/** Keys that leave a page, open a tool or close the window; the rest goes to the page. */
export function keySwallowed(input: {
  readonly key: string;
  readonly control: boolean;
  readonly alt: boolean;
  readonly meta: boolean;
}): boolean {
  if (/^F\d{1,2}$/.test(input.key) || input.key === 'ContextMenu' || input.key === 'BrowserBack') return true;
  return input.control || input.alt || input.meta;
}
