/** The panel's own server, which passes on to the simulators. */

async function call(path, init) {
  const answer = await fetch(path, init);
  if (!answer.ok) throw new Error(`${answer.status} ${path}`);
  return answer.json();
}

export const get = (path) => call(`/api/${path}`);

export const post = (path, body) =>
  call(`/api/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
