// What the server has at an address, or an error.

/** @returns {Promise<Response>} rejects where the server is gone or answers with an error */
export async function fetched(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`The server answered with ${response.status} at ${address}.`);
  return response;
}
