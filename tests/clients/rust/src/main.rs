//! The app of ../../app.mjs.
use rust_socketio::{ClientBuilder, Payload, RawClient, TransportType};
use serde_json::{json, Value};
use std::io::Read;
use std::sync::{Arc, Mutex};

const PRINTED: [&str; 8] = [
    "auth-reject",
    "unauthorized",
    "request-error",
    "room-create-accept",
    "room-create-reject",
    "room-join-reject",
    "room-user-leave",
    "ice-candidate",
];

struct App {
    token: String,
    role: String,
    room: String,
    name: String,
    auth: Mutex<String>,
}

impl App {
    fn connected(&self, socket: &RawClient) {
        let request = json!({"token": self.token, "peerinfo": {"name": self.name}});
        socket.emit("auth-request", request).unwrap();
    }

    fn accepted(&self, data: &Value, socket: &RawClient) {
        *self.auth.lock().unwrap() = text(&data["token"]);
        if self.role == "owner" {
            self.send(socket, "room-create-request", json!({}));
        } else {
            let fields = json!({"payload": {"from": self.name}});
            self.send(socket, "room-join-request", fields);
        }
    }

    fn asked(&self, data: &Value, socket: &RawClient) {
        let is_stranger = data["peerinfo"]["name"] == "stranger";
        let answer = if is_stranger { "room-join-reject" } else { "room-join-accept" };
        self.send_to(&data["peer_id"], socket, answer, json!({}));
    }

    fn joined(&self, data: &Value, socket: &RawClient) {
        if self.role == "owner" {
            self.describe(&data["peer_id"], socket, "offer");
        }
    }

    fn described(&self, data: &Value, socket: &RawClient) {
        if data["session_description"]["type"] == "offer" {
            self.describe(&data["peer_id"], socket, "answer");
        }
        let candidate = format!("candidate of {}", self.name);
        let fields = json!({"ice_candidate": {"candidate": candidate, "sdpMLineIndex": 0}});
        self.send_to(&data["peer_id"], socket, "relay-ice-candidate", fields);
    }

    fn describe(&self, peer: &Value, socket: &RawClient, kind: &str) {
        let lines = "a=candidate\r\n".repeat(500);
        let sdp = format!("v=0\r\no=- {} “κόσμε”\r\n{lines}", self.name);
        let fields = json!({"session_description": {"type": kind, "sdp": sdp}});
        self.send_to(peer, socket, "relay-session-description", fields);
    }

    fn send_to(&self, peer: &Value, socket: &RawClient, event: &str, mut fields: Value) {
        fields["to"] = peer.clone();
        fields["peer_id"] = peer.clone();
        self.send(socket, event, fields);
    }

    fn send(&self, socket: &RawClient, event: &str, mut fields: Value) {
        fields["auth"] = json!(*self.auth.lock().unwrap());
        fields["room"] = json!(self.room);
        socket.emit(event, fields).unwrap();
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn say(event: &str, data: &Value) {
    println!("{}", json!({"event": event, "data": data}));
}

fn first(payload: Payload) -> Value {
    match payload {
        Payload::Text(values) => values[0].clone(),
        other => panic!("{other:?}"),
    }
}

/// Prints the event, and lets the app handle it.
fn on(
    builder: ClientBuilder,
    event: &'static str,
    app: &Arc<App>,
    handle: fn(&App, &Value, &RawClient),
) -> ClientBuilder {
    let app = app.clone();
    builder.on(event, move |payload, socket| {
        let data = first(payload);
        say(event, &data);
        handle(&app, &data, &socket);
    })
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, token, transport, role, room, name] = arguments.try_into().unwrap();
    let transport = match transport.as_str() {
        "polling" => TransportType::Polling,
        "websocket" => TransportType::Websocket,
        _ => TransportType::WebsocketUpgrade,
    };
    let auth = json!({"token": token});
    let app = Arc::new(App { token, role, room, name, auth: Mutex::default() });

    let connected = app.clone();
    let mut builder = ClientBuilder::new(url)
        .transport_type(transport)
        .auth(auth)
        .reconnect_delay(100, 100)
        .on("open", move |_, socket| connected.connected(&socket))
        .on("error", |payload, _| match payload {
            Payload::Text(values) => say("connect_error", &json!({"message": values[0]})),
            #[allow(deprecated)]
            Payload::String(message) => say("connect_error", &json!({"message": message})),
            Payload::Binary(_) => {}
        });
    for event in PRINTED {
        builder = on(builder, event, &app, |_, _, _| {});
    }
    builder = on(builder, "auth-accept", &app, App::accepted);
    builder = on(builder, "room-join-request", &app, App::asked);
    builder = on(builder, "room-join-accept", &app, |_, _, _| {});
    builder = on(builder, "room-user-join", &app, App::joined);
    builder = on(builder, "session-description", &app, App::described);

    let socket = builder.connect().unwrap();
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
    socket.disconnect().unwrap();
}
