import { el, icon, say } from './dom.js';
import { t } from './words.js';

/** A device's card: heading, state of its link, and what the device adds. */
export function card(name) {
  const state = el('p', { class: 'link' });
  const body = el('div', { class: 'body' });
  const element = el(
    'section',
    { class: `card card-${name}`, 'aria-labelledby': `${name}-title` },
    el(
      'header',
      { class: 'card-head' },
      icon(name),
      el('h2', { id: `${name}-title` }, t(`${name}.title`)),
      state,
    ),
    body,
  );
  return {
    element,
    body,
    /** Shows one of the named states of the link: sign and word, never colour alone. */
    link(condition, words = t(condition)) {
      element.dataset.link = condition;
      say(state, words);
    },
    /** The state of a device's wire, from what its simulator says. */
    wire(plugged, clients) {
      if (!plugged) this.link('unplugged');
      else if (clients === undefined) this.link('connected', t('running'));
      else this.link(clients > 0 ? 'connected' : 'waiting');
    },
  };
}

/** A titled group of buttons. */
export function group(title, ...buttons) {
  return el(
    'fieldset',
    { class: 'group' },
    el('legend', {}, title),
    el('div', { class: 'buttons' }, ...buttons),
  );
}

/** A button that does one thing; `pressed(on)` shows it as the one in force. */
export function act(words, onclick, look = '') {
  return el('button', { type: 'button', class: `act ${look}`.trim(), onclick }, words);
}

export function pressed(button, on) {
  button.setAttribute('aria-pressed', String(on));
}

/** The button that pulls the cable and plugs it in again. */
export function cable(toggle) {
  const button = act(t('unplug'), () => toggle(button.dataset.plugged !== 'true'), 'cable');
  return {
    button,
    update(plugged) {
      button.dataset.plugged = String(plugged);
      say(button, t(plugged ? 'unplug' : 'plug'));
    },
  };
}
