import io.socket.client.IO;
import io.socket.client.Socket;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.json.JSONException;
import org.json.JSONObject;

/** The app of ../app.mjs. */
public final class App {
  private static final String[] PRINTED = {
    "auth-reject", "unauthorized", "request-error", "room-create-accept", "room-create-reject",
    "room-join-reject", "room-user-leave", "ice-candidate"
  };

  private final String token;
  private final String role;
  private final String room;
  private final String name;
  private final Socket socket;
  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private String auth;

  private App(String url, String token, String transport, String role, String room, String name) {
    this.token = token;
    this.role = role;
    this.room = room;
    this.name = name;
    String[] transports =
        transport.equals("upgrade") ? new String[] {"polling", "websocket"} : new String[] {transport};
    IO.Options options =
        IO.Options.builder()
            .setTransports(transports)
            .setAuth(Map.of("token", token))
            .setReconnectionDelay(100)
            .build();
    socket = IO.socket(java.net.URI.create(url), options);
  }

  public static void main(String[] arguments) throws Exception {
    App app =
        new App(arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
    app.run();
    System.exit(0); // The threads of the HTTP library would linger.
  }

  private void run() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    listen();
    socket.connect();
    System.in.readAllBytes();
    socket.on(Socket.EVENT_DISCONNECT, reason -> left.countDown());
    socket.disconnect();
    left.await();
  }

  private void listen() {
    socket.on(
        Socket.EVENT_CONNECT,
        none -> socket.emit("auth-request", object("token", token, "peerinfo", object("name", name))));
    socket.on(Socket.EVENT_CONNECT_ERROR, errors -> say("connect_error", refusal(errors[0])));
    for (String event : PRINTED) {
      socket.on(event, values -> say(event, (JSONObject) values[0]));
    }
    on("auth-accept", this::accepted);
    on("room-join-request", this::asked);
    on("room-join-accept", this::admitted);
    on("room-user-join", this::joined);
    on("session-description", this::described);
    on("message", this::message);
  }

  private static JSONObject refusal(Object error) {
    return error instanceof JSONObject ? (JSONObject) error : object("message", error.toString());
  }

  private void accepted(JSONObject data) throws JSONException {
    auth = data.getString("token");
    if (role.equals("owner")) {
      send("room-create-request", object());
    } else {
      send("room-join-request", object("payload", object("from", name)));
    }
  }

  private void asked(JSONObject data) throws JSONException {
    say("room-join-request", data);
    boolean isStranger = data.getJSONObject("peerinfo").getString("name").equals("stranger");
    sendTo(data.getString("peer_id"), isStranger ? "room-join-reject" : "room-join-accept", object());
  }

  private void admitted(JSONObject data) throws JSONException {
    say("room-join-accept", data);
    if (!role.equals("sender")) {
      return;
    }
    byte[] bytes = new byte[200];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    sendTo(data.getJSONArray("peers").getString(0), "relay-message", object("data", bytes));
  }

  private void joined(JSONObject data) throws JSONException {
    say("room-user-join", data);
    if (role.equals("owner")) {
      describe(data.getString("peer_id"), "offer");
    }
  }

  private void described(JSONObject data) throws JSONException {
    say("session-description", data);
    String peer = data.getString("peer_id");
    if (data.getJSONObject("session_description").getString("type").equals("offer")) {
      describe(peer, "answer");
    }
    JSONObject candidate = object("candidate", "candidate of " + name, "sdpMLineIndex", 0);
    sendTo(peer, "relay-ice-candidate", object("ice_candidate", candidate));
  }

  private void describe(String peer, String type) throws JSONException {
    String sdp = "v=0\r\no=- " + name + " “κόσμε”\r\n" + "a=candidate\r\n".repeat(500);
    JSONObject description = object("type", type, "sdp", sdp);
    sendTo(peer, "relay-session-description", object("session_description", description));
  }

  private void message(JSONObject data) throws JSONException {
    StringBuilder hex = new StringBuilder();
    for (byte value : (byte[]) data.get("data")) {
      hex.append(String.format("%02x", value));
    }
    say("message", object("peer_id", data.getString("peer_id"), "hex", hex.toString()));
  }

  private void sendTo(String peer, String event, JSONObject fields) throws JSONException {
    send(event, fields.put("to", peer).put("peer_id", peer));
  }

  private void send(String event, JSONObject fields) throws JSONException {
    socket.emit(event, fields.put("auth", auth).put("room", room));
  }

  private synchronized void say(String event, JSONObject data) {
    out.println(object("event", event, "data", data));
  }

  private static JSONObject object(Object... namesAndValues) {
    try {
      JSONObject made = new JSONObject();
      for (int i = 0; i < namesAndValues.length; i += 2) {
        made.put((String) namesAndValues[i], namesAndValues[i + 1]);
      }
      return made;
    } catch (JSONException impossible) {
      throw new IllegalArgumentException(impossible);
    }
  }

  private interface Handler {
    void handle(JSONObject data) throws JSONException;
  }

  private void on(String event, Handler handler) {
    socket.on(
        event,
        values -> {
          try {
            handler.handle((JSONObject) values[0]);
          } catch (JSONException error) {
            throw new IllegalStateException(error);
          }
        });
  }
}
