import { Crowd } from './crowd.ts';
import { CrowdOrder, CrowdSettings } from './orders.ts';

/**
 * A process that is a crowd of made-up terminals. Its first message is the settings, each further one an order; it answers `state` with what it counts. It
 * ends with its parent.
 */
let crowd: Crowd | undefined;
process.on('disconnect', () => process.exit(0));
process.on('message', (message) => {
  if (!crowd) {
    crowd = new Crowd(CrowdSettings.parse(message));
    process.send?.({ ready: true });
    return;
  }
  const order = CrowdOrder.parse(message);
  if (order.order === 'connect') crowd.connect(order.perSecond);
  else if (order.order === 'storm') crowd.storm();
  else if (order.order === 'heartbeats') crowd.heartbeats(order.seconds);
  else if (order.order === 'flood') crowd.flood(order.batches, order.size, order.seconds);
  else if (order.order === 'drop') crowd.drop(order.terminals);
  else if (order.order === 'change') crowd.change(order.terminals, order.limitations);
  else if (order.order === 'state') process.send?.(crowd.state());
  else {
    crowd.close();
    setTimeout(() => process.exit(0), 200);
  }
});
