// Bluesky's personal data server and directory of identities on loopback. Prints one line of JSON with `url`, then does one act for
// each line of its input and answers it by a line, and ends with its input.
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import readline from 'node:readline'

const [folder, port, directoryPort] = process.argv.slice(2)

// Both programs listen on every interface, and know no setting for it.
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (first, ...rest) {
  if (typeof first === 'number') return listen.call(this, first, '127.0.0.1', ...rest.filter((one) => typeof one !== 'string'))
  return listen.call(this, first && typeof first === 'object' && 'port' in first ? { ...first, host: '127.0.0.1' } : first, ...rest)
}

const { Database, PlcServer } = await import('@did-plc/server')
const { PDS } = await import('@atproto/pds')

const directory = PlcServer.create({ db: Database.mock(), port: Number(directoryPort) })
await directory.start()
fs.mkdirSync(path.join(folder, 'data'))
const server = await PDS.fromEnv({
  devMode: true,
  port: Number(port),
  hostname: 'localhost',
  dataDirectory: path.join(folder, 'data'),
  blobstoreDiskLocation: path.join(folder, 'blobs'),
  didPlcUrl: `http://localhost:${directoryPort}`,
  plcRotationKeyK256PrivateKeyHex: '1'.padStart(64, '0'),
  adminPassword: 'loopback-only',
  jwtSecret: 'loopback-only',
  serviceHandleDomains: ['.test'],
  inviteRequired: false,
  disableSsrfProtection: true,
  bskyAppViewUrl: 'https://application.invalid',
  bskyAppViewDid: 'did:example:invalid',
})
await server.start()

const url = `http://127.0.0.1:${port}`
let session = null

async function ask(method, body, type = 'application/json') {
  const headers = { 'Content-Type': type, ...(session ? { Authorization: `Bearer ${session.accessJwt}` } : {}) }
  const answer = await fetch(`${url}/xrpc/${method}`, { method: 'POST', headers, body: type === 'application/json' ? JSON.stringify(body) : body })
  const said = await answer.json().catch(() => ({}))
  if (!answer.ok) throw new Error(`${method}: ${JSON.stringify(said)}`)
  return said
}

const acts = {
  async join({ name }) {
    session = await ask('com.atproto.server.createAccount', { handle: name, email: `${name}@city.example`, password: 'loopback-only' })
    return { did: session.did }
  },
  async publish({ collection = 'app.bsky.feed.post', key, record }) {
    return ask('com.atproto.repo.createRecord', { repo: session.did, collection, record, ...(key ? { rkey: key } : {}) })
  },
  async edit({ collection = 'app.bsky.feed.post', key, record }) {
    return ask('com.atproto.repo.putRecord', { repo: session.did, collection, rkey: key, record })
  },
  async delete({ collection = 'app.bsky.feed.post', key }) {
    return ask('com.atproto.repo.deleteRecord', { repo: session.did, collection, rkey: key })
  },
  async upload({ picture, mime }) {
    return ask('com.atproto.repo.uploadBlob', Buffer.from(picture, 'base64'), mime)
  },
}

console.log(JSON.stringify({ url }))
for await (const line of readline.createInterface({ input: process.stdin })) {
  const act = JSON.parse(line)
  console.log(JSON.stringify(await acts[act.do](act)))
}
process.exit(0)
