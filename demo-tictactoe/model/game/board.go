// Package game is what travels between the tic-tac-toe host and its players. A Go host or device can be built from it as it is.
package game

import (
	"errors"
	"time"

	"github.com/boatkit-io/restream/pkg/restream"
	"github.com/boatkit-io/tugboat/pkg/subscribableevent"
)

// AccessPlayer is the level from which on somebody may place tokens.
const AccessPlayer restream.AccessLevel = 1

// The state of the game.
// @restream.store(BoardStore)
type BoardStore struct {
	storeData *restream.StoreData[BoardStoreState, *BoardStoreState, *BoardStoreStatePartial]
}

// The board: rows of cells, `"X"`, `"O"` or `""`.
// @restream.partials
type BoardStoreState struct {
	// MAXFIELD(2)
	Board [][]string `restream:",fID=1"`
	XTurn bool       `restream:",fID=2"`
}

// RegisterPlaceToken registers what players call.
func RegisterPlaceToken(rpcd *restream.RPCDispatcher, place func(x, y int) error) {
	// Places the next token; columns and rows start at 0. Fails with `cell outside the board`, `cell already occupied` or
	// `the game is over`.
	rpcd.RegisterRPCHandler("PlaceToken", AccessPlayer, func(x, y int) error {
		if place == nil {
			return errors.New("there is no game")
		}
		return place(x, y)
	})
}

// ServerTimeCallback hears the host's clock.
type ServerTimeCallback func(currentTime time.Time)

// RegisterServerTime registers the event with which the host tells what time it is.
func RegisterServerTime(eventd *restream.EventDispatcher) *subscribableevent.Event[ServerTimeCallback] {
	event := subscribableevent.NewEvent[ServerTimeCallback]()
	// The host's clock, twice a second.
	eventd.RegisterEvent("ServerTime", &event)
	return &event
}
