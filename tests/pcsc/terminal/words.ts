import assert from 'node:assert/strict';
import type { Screen } from '@jolly/contracts/terminal-channel';
import { itLogin } from '../../../ui/kit/messages/it-login.ts';

/** Keys of the words that a page of the login cannot do without; none for pages of other services. */
function keysOf(screen: Screen): readonly string[] {
  const actions = 'actions' in screen ? screen.actions.map((action) => `login-action.${action}`) : [];
  switch (screen.name) {
    case 'login-card':
      return [screen.stage === 'waiting' ? 'login.cie' : `login.${screen.stage}`, ...actions];
    case 'login-secret': {
      const tries = screen.triesLeft === undefined ? [] : ['secret.tries'];
      const notice = screen.notice === undefined ? [] : [`secret.${screen.notice}`];
      return [`secret.${screen.field}`, ...notice, ...tries, ...actions];
    }
    case 'login-last-try':
      return ['last.title', 'last.lead', 'last.fact', ...actions];
    case 'login-working':
      return [screen.step === 'server' ? 'working.title-server' : 'working.title'];
    case 'login-problem':
      return [`login-problem.${screen.kind}`, `login-problem.${screen.kind}-lead`, ...actions];
    case 'login-other-ways':
      return [`ways.${screen.about}`, ...actions];
    case 'signed-in':
      return ['signed-in.lead', ...actions];
    case 'pin-done':
      return [`pin-done.${screen.what}`, ...actions];
    case 'card-left':
      return ['card-left.title', 'card-left.lead'];
    default:
      return [];
  }
}

/** The Italian words of a page, which must exist. */
export function saidOn(screen: Screen): readonly string[] {
  const words = new Map<string, string>(Object.entries(itLogin));
  return keysOf(screen).map((key) => {
    const said = words.get(key);
    assert.ok(said !== undefined && said.length > 3, `there are no words for ${key}`);
    return said;
  });
}
