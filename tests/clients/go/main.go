// The app of ../app.mjs.
package main

import (
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/zishang520/socket.io/clients/engine/v3/transports"
	"github.com/zishang520/socket.io/clients/socket/v3"
	"github.com/zishang520/socket.io/v3/pkg/types"
)

type fields = map[string]any

var printed = []string{
	"auth-reject", "unauthorized", "request-error", "room-create-accept", "room-create-reject",
	"room-join-reject", "room-user-leave", "ice-candidate",
}

type app struct {
	url, token, transport, role, room, name string

	socket    *socket.Socket
	auth      string
	isLeaving atomic.Bool
}

func main() {
	arguments := os.Args[1:]
	a := &app{
		url: arguments[0], token: arguments[1], transport: arguments[2],
		role: arguments[3], room: arguments[4], name: arguments[5],
	}
	a.connect()
	_, _ = io.ReadAll(os.Stdin)
	a.isLeaving.Store(true)
	left := make(chan struct{})
	_ = a.socket.Once("disconnect", func(...any) { close(left) })
	a.socket.Disconnect()
	<-left
}

// connect avoids what the library does wrong now and then, with any server: a socket that connects
// while its manager opens sends CONNECT twice, and packets by polling during an upgrade are lost.
func (a *app) connect() {
	options := socket.DefaultOptions()
	options.SetTransports(transportsOf(a.transport))
	options.SetAuth(fields{"token": a.token})
	options.SetAutoConnect(false)
	options.SetReconnection(false)
	manager := socket.NewManager(a.url, options)
	client := manager.Socket("/", options)
	a.socket = client
	a.listen()
	manager.Open(func(err error) {
		if err != nil {
			a.connectAgain()
		} else if a.transport == "upgrade" && manager.Engine().Transport().Name() == "polling" {
			_ = manager.Engine().Once("upgrade", func(...any) { client.Connect() })
		} else {
			client.Connect()
		}
	})
	// It may miss that it is open, or that it may upgrade.
	time.AfterFunc(2*time.Second, func() {
		if client == a.socket && !client.Connected() {
			manager.Engine().Close()
			a.connectAgain()
		}
	})
}

func (a *app) connectAgain() {
	if !a.isLeaving.Load() {
		time.AfterFunc(100*time.Millisecond, a.connect)
	}
}

func transportsOf(name string) *types.Set[transports.TransportCtor] {
	switch name {
	case "polling":
		return types.NewSet(transports.Polling)
	case "websocket":
		return types.NewSet(transports.WebSocket)
	}
	return types.NewSet(transports.Polling, transports.WebSocket)
}

func (a *app) listen() {
	_ = a.socket.On("connect", func(...any) {
		_ = a.socket.Emit("auth-request", fields{"token": a.token, "peerinfo": fields{"name": a.name}})
	})
	_ = a.socket.On("connect_error", func(errors ...any) {
		say("connect_error", fields{"message": errors[0].(error).Error()})
	})
	_ = a.socket.On("disconnect", func(...any) { a.connectAgain() })
	for _, event := range printed {
		a.on(event, func(data fields) { say(event, data) })
	}
	a.on("auth-accept", a.accepted)
	a.on("room-join-request", a.asked)
	a.on("room-join-accept", a.admitted)
	a.on("room-user-join", a.joined)
	a.on("session-description", a.described)
	a.on("message", func(data fields) {
		bytes := data["data"].(types.BufferInterface).Bytes()
		say("message", fields{"peer_id": data["peer_id"], "hex": hex.EncodeToString(bytes)})
	})
}

func (a *app) on(event string, handle func(fields)) {
	_ = a.socket.On(types.EventName(event), func(values ...any) { handle(values[0].(fields)) })
}

func (a *app) accepted(data fields) {
	a.auth = data["token"].(string)
	if a.role == "owner" {
		a.send("room-create-request", fields{})
	} else {
		a.send("room-join-request", fields{"payload": fields{"from": a.name}})
	}
}

func (a *app) asked(data fields) {
	say("room-join-request", data)
	answer := "room-join-accept"
	if data["peerinfo"].(fields)["name"] == "stranger" {
		answer = "room-join-reject"
	}
	a.sendTo(data["peer_id"], answer, fields{})
}

func (a *app) admitted(data fields) {
	say("room-join-accept", data)
	if a.role != "sender" {
		return
	}
	bytes := make([]byte, 200)
	for i := range bytes {
		bytes[i] = byte(i)
	}
	a.sendTo(data["peers"].([]any)[0], "relay-message", fields{"data": bytes})
}

func (a *app) joined(data fields) {
	say("room-user-join", data)
	if a.role == "owner" {
		a.describe(data["peer_id"], "offer")
	}
}

func (a *app) described(data fields) {
	say("session-description", data)
	if data["session_description"].(fields)["type"] == "offer" {
		a.describe(data["peer_id"], "answer")
	}
	candidate := fields{"candidate": "candidate of " + a.name, "sdpMLineIndex": 0}
	a.sendTo(data["peer_id"], "relay-ice-candidate", fields{"ice_candidate": candidate})
}

func (a *app) describe(peer any, kind string) {
	sdp := "v=0\r\no=- " + a.name + " “κόσμε”\r\n" + strings.Repeat("a=candidate\r\n", 500)
	description := fields{"type": kind, "sdp": sdp}
	a.sendTo(peer, "relay-session-description", fields{"session_description": description})
}

func (a *app) sendTo(peer any, event string, values fields) {
	values["to"], values["peer_id"] = peer, peer
	a.send(event, values)
}

func (a *app) send(event string, values fields) {
	values["auth"], values["room"] = a.auth, a.room
	_ = a.socket.Emit(event, values)
}

var output sync.Mutex

func say(event string, data fields) {
	output.Lock()
	defer output.Unlock()
	_ = json.NewEncoder(os.Stdout).Encode(fields{"event": event, "data": data})
}
