module example.com/tictactoe

go 1.23
