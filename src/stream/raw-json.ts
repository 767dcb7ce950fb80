import { Decoder, Encoder, type Packet, PacketType } from "socket.io-parser";

/** JSON text that goes into a Socket.IO packet as it stands. */
export class RawJson {
  constructor(readonly text: string) {}
}

/**
 * Socket.IO's own encoder, except that RawJson is not parsed and stringified again: it keeps decimals exact, and a
 * record is encoded once in its life. What goes over the wire is the standard protocol.
 */
class RawJsonEncoder extends Encoder {
  override encode(packet: Packet): (string | Buffer)[] {
    const { data } = packet;
    if (packet.type !== PacketType.EVENT || !Array.isArray(data) || !(data[1] instanceof RawJson)) {
      return super.encode(packet);
    }
    const namespace = packet.nsp === "/" ? "" : `${packet.nsp},`;
    return [`${PacketType.EVENT}${namespace}[${JSON.stringify(data[0])},${data[1].text}]`];
  }
}

export const rawJsonParser = { Encoder: RawJsonEncoder, Decoder };
