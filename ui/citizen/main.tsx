import '@jolly/ui-kit/styles';
import './styles/index.ts';
import type { ShapeWish } from '@jolly/ui-kit/frame';
import { browserSinks, webMixer } from '@jolly/ui-kit/mixer';
import { voiceOf } from '@jolly/ui-kit/speech';
import { createRoot } from 'react-dom/client';
import { App } from './app/index.ts';
import { openLine } from './channel/index.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

const wish = new URLSearchParams(window.location.search).get('shape');
const shape: ShapeWish = wish === 'portrait' || wish === 'landscape' ? wish : 'auto';
const mixer = webMixer(
  () => new AudioContext({ latencyHint: 'interactive' }),
  browserSinks(navigator.mediaDevices),
  (fault) => console.warn(fault),
);
const voice = voiceOf(window, (fault) => console.warn(fault));
createRoot(root).render(<App open={openLine(window)} shape={shape} mixer={mixer} voice={voice} />);
